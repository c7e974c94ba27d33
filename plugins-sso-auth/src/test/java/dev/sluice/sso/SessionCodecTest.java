package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SessionCodecTest {

    private static final String OLD = "the old secret, with more than 32 characters";
    private static final String NEW = "the new secret, with more than 32 characters";

    private final SessionTicket ticket = SessionTicket.random();
    private final SessionRecord record = TestRecords.of("alice", Instant.ofEpochMilli(1_700_000_000_000L));

    @Test
    void sealed_opensAsItWas() {
        SessionCodec codec = new SessionCodec(KeyRing.random());
        SessionLink link = new SessionLink(ticket.text(), "a.p.test", "");

        assertThat(codec.open(ticket, codec.seal(ticket, record))).isEqualTo(record);
        assertThat(codec.open(ticket, codec.seal(ticket, link))).isEqualTo(link);
    }

    @Test
    void everyChangedByte_isNoticed() {
        SessionCodec codec = new SessionCodec(KeyRing.random());
        byte[] sealed = codec.seal(ticket, record);
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] ^= 1;
            assertThat(codec.open(ticket, sealed)).isNull();
            sealed[i] ^= 1;
        }
        assertThat(codec.open(ticket, new byte[0])).isNull();
    }

    @Test
    void anotherTicket_opensNothing() {
        SessionCodec codec = new SessionCodec(KeyRing.random());
        byte[] sealed = codec.seal(ticket, record);
        SessionTicket sameId =
                SessionTicket.parse(ticket.id() + SessionTicket.random().text().substring(22));

        assertThat(codec.open(SessionTicket.random(), sealed)).isNull();
        assertThat(codec.open(java.util.Objects.requireNonNull(sameId), sealed)).isNull();
    }

    @Test
    void rotatedSecret_opensWhatTheOldOneSealed_untilItIsRetired() {
        byte[] sealed = new SessionCodec(KeyRing.of(List.of(OLD))).seal(ticket, record);

        assertThat(new SessionCodec(KeyRing.of(List.of(NEW, OLD))).open(ticket, sealed))
                .isEqualTo(record);
        assertThat(new SessionCodec(KeyRing.of(List.of(NEW))).open(ticket, sealed))
                .isNull();
    }

    @Test
    void ticket_isParsedFromItsTextAlone() {
        assertThat(SessionTicket.parse(ticket.text()))
                .satisfies(parsed -> assertThat(parsed.opensWith(ticket)).isTrue());
        assertThat(SessionTicket.parse("")).isNull();
        assertThat(SessionTicket.parse(ticket.text() + "A")).isNull();
        assertThat(SessionTicket.parse(ticket.text().replaceFirst(".$", "é"))).isNull();
        assertThat(SessionTicket.parse(ticket.text().replaceFirst(".$", "="))).isNull();
    }

    @Test
    void nothingSecret_isShownInTexts() {
        assertThat(List.of(
                        ticket.toString(),
                        record.toString(),
                        record.tokens().toString(),
                        new SessionLink(ticket.text(), "a.p.test", "state").toString(),
                        LoginTransaction.begin("https://p.test/secret", Instant.EPOCH)
                                .toString(),
                        KeyRing.of(List.of(OLD)).toString(),
                        new Grant("alice", "alice", null, record.claims(), record.tokens(), Instant.MAX).toString(),
                        Query.of("/?code=secret-code").toString()))
                .noneMatch(text -> text.contains("token\"")
                        || text.contains("access-token")
                        || text.contains("refresh-token")
                        || text.contains("secret")
                        || text.contains(ticket.id())
                        || text.contains("groups"));
    }
}
