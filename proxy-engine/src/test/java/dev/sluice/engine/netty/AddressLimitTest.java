package dev.sluice.engine.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.Network;
import dev.sluice.engine.netty.AddressLimit.Verdict;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressLimitTest {

    private final AddressLimit limit = new AddressLimit(1, List.of(Network.of("10.0.0.0/8")));
    private final List<EmbeddedChannel> connections = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,       192.0.2.1,          ANSWERED",
        "192.0.2.1,       192.0.2.2,          SERVED",
        "2001:db8:0:1::1, 2001:db8:0:1::1,    ANSWERED",
        "2001:db8:0:1::1, 2001:db8:0:1:9::2,  ANSWERED",
        "2001:db8:0:1::1, 2001:db8:0:2::1,    SERVED",
        "192.0.2.1,       ::ffff:192.0.2.1,   ANSWERED",
        "10.0.0.1,        10.0.0.1,           SERVED",
    })
    void secondConnection_countsByAddress(String first, String second, Verdict verdict) {
        assertThat(admit(first)).isEqualTo(Verdict.SERVED);
        assertThat(admit(second)).isEqualTo(verdict);
    }

    @Test
    void connectionsBeyondTwiceTheLimit_areCut() {
        var verdicts = List.of(admit("::2"), admit("::2"), admit("::2"), admit("::2"), admit("::2"));
        assertThat(verdicts)
                .containsExactly(Verdict.SERVED, Verdict.ANSWERED, Verdict.ANSWERED, Verdict.CUT, Verdict.CUT);
    }

    @Test
    void closedConnections_makeRoomAndLeaveNothing() {
        admit("192.0.2.1");
        admit("192.0.2.1");
        connections.forEach(EmbeddedChannel::close);
        assertThat(limit.addresses()).isZero();
        assertThat(admit("192.0.2.1")).isEqualTo(Verdict.SERVED);
    }

    private Verdict admit(String address) {
        EmbeddedChannel connection = new EmbeddedChannel();
        connections.add(connection);
        return limit.admit(connection, Objects.requireNonNull(Network.literal(address)));
    }
}
