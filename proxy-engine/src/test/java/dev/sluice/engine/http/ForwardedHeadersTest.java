package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.api.HeaderEdits;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the proxy believes about the client, and what it tells the upstream. */
class ForwardedHeadersTest {

    private static final ForwardedHeaders TRUSTING = Wire.trusting("10.0.0.0/8", "fd00::/8");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.1 | 6.6.6.6                           | 6.6.6.6      | 6.6.6.6, 10.0.0.1
            10.0.0.1 | 6.6.6.6, 192.0.2.9                | 192.0.2.9    | 192.0.2.9, 10.0.0.1
            10.0.0.1 | 6.6.6.6, 192.0.2.9, 10.0.0.2      | 192.0.2.9    | 192.0.2.9, 10.0.0.2, 10.0.0.1
            10.0.0.1 | 10.0.0.3,10.0.0.2                 | 10.0.0.3     | 10.0.0.3, 10.0.0.2, 10.0.0.1
            10.0.0.1 | junk, 6.6.6.6                     | 6.6.6.6      | 6.6.6.6, 10.0.0.1
            10.0.0.1 | ''                                | 10.0.0.1     | 10.0.0.1
            10.0.0.1 | 6.6.6.6:1234                      | 6.6.6.6      | 6.6.6.6, 10.0.0.1
            10.0.0.1 | 2001:DB8:0::1                     | 2001:db8:0:0:0:0:0:1 | 2001:db8::1, 10.0.0.1
            10.0.0.1 | [2001:db8::1]                     | 2001:db8:0:0:0:0:0:1 | 2001:db8::1, 10.0.0.1
            10.0.0.1 | [2001:db8::1]:443, fd00::2        | 2001:db8:0:0:0:0:0:1 | 2001:db8::1, fd00::2, 10.0.0.1
            10.0.0.1 | ::ffff:6.6.6.6                    | 6.6.6.6      | 6.6.6.6, 10.0.0.1
            fd00::1  | 6.6.6.6                           | 6.6.6.6      | 6.6.6.6, fd00::1
            192.0.2.7 | 6.6.6.6                          | 192.0.2.7    | 192.0.2.7
            192.0.2.7 | junk                             | 192.0.2.7    | 192.0.2.7
            2001:db8::7 | 6.6.6.6                        | 2001:db8:0:0:0:0:0:7 | 2001:db8::7
            """)
    void client_isTheRightmostAddressThatIsNotTrusted(String peer, String sent, String client, String told)
            throws RefusedHead {
        ClientRequest request = accept(peer, "X-Forwarded-For: " + sent);
        assertThat(request.client().getHostAddress()).isEqualTo(client);
        assertThat(request.peer().getAddress()).isEqualTo(address(peer).getAddress());
        assertThat(told(request)).contains("X-Forwarded-For: " + told + "\r\n");
    }

    @Test
    void severalLines_areReadAsOne() throws RefusedHead {
        ClientRequest request =
                accept("10.0.0.1", "X-Forwarded-For: 6.6.6.6, 192.0.2.9", "x-forwarded-for: 10.0.0.2, 10.0.0.3");
        assertThat(told(request)).startsWith("X-Forwarded-For: 192.0.2.9, 10.0.0.2, 10.0.0.3, 10.0.0.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: unknown",
                "X-Forwarded-For: _hidden",
                "X-Forwarded-For: 6.6.6",
                "X-Forwarded-For: 6.6.6.256",
                "X-Forwarded-For: 6.6.6.6:",
                "X-Forwarded-For: 6.6.6.6:x",
                "X-Forwarded-For: 6.6.6.6:123456",
                "X-Forwarded-For: [6.6.6.6]",
                "X-Forwarded-For: [::1",
                "X-Forwarded-For: [::1]x",
                "X-Forwarded-For: fe80::1%eth0",
                "X-Forwarded-For: 6.6.6.6,",
                "X-Forwarded-For: 6.6.6.6,,10.0.0.2",
                "X-Forwarded-For: localhost",
                "X-Forwarded-For: 010.0.0.1x",
                "X-Forwarded-Proto: gopher",
                "X-Forwarded-Host: a b",
                "X-Forwarded-Host: u@a.test"
            })
    void junkFromATrustedPeer_isRefused(String field) {
        RefusedHead refused = catchThrowableOfType(RefusedHead.class, () -> accept("10.0.0.1", field));
        assertThat(refused).isNotNull();
        assertThat(refused.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            10.0.0.1  | https       | b.test       | https | b.test
            10.0.0.1  | HTTP, wss   | evil, B.test | https | B.test
            10.0.0.1  | ws          | b.test:8443  | http  | b.test:8443
            10.0.0.1  | ''          | ''           | http  | a.test
            192.0.2.7 | https       | b.test       | http  | a.test
            192.0.2.7 | gopher      | a b          | http  | a.test
            """)
    void schemeAndHost_areBelievedFromATrustedPeerOnly(
            String peer, String proto, String host, String scheme, String authority) throws RefusedHead {
        ClientRequest request = accept(peer, "X-Forwarded-Proto: " + proto, "X-Forwarded-Host: " + host);
        assertThat(request.scheme()).isEqualTo(scheme);
        assertThat(request.authority()).isEqualTo(authority);
        assertThat(request.host())
                .isEqualTo(authority.toLowerCase(java.util.Locale.ROOT).replaceFirst(":.*", ""));
        assertThat(told(request))
                .contains("X-Forwarded-Host: " + authority + "\r\nX-Forwarded-Proto: " + scheme + "\r\n");
    }

    @Test
    void tls_decidesTheSchemeWhereNobodyIsTrusted() throws RefusedHead {
        ClientRequest request = Wire.rules(Wire.TRUSTS_NOBODY)
                .accept(
                        Wire.request("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
                        new Peer(Wire.PEER, new Peer.Tls(host -> true, Optional.empty())),
                        1);
        assertThat(request.scheme()).isEqualTo("https");
    }

    @Test
    void ipv6_isQuotedInForwarded() throws RefusedHead {
        ClientRequest request = accept("fd00::1", "X-Forwarded-For: 2001:db8::1");
        assertThat(told(request))
                .isEqualTo("X-Forwarded-For: 2001:db8::1, fd00::1\r\n"
                        + "X-Forwarded-Host: a.test\r\n"
                        + "X-Forwarded-Proto: http\r\n"
                        + "Forwarded: for=\"[2001:db8::1]\";host=\"a.test\";proto=http, for=\"[fd00::1]\"\r\n");
    }

    private static ClientRequest accept(String peer, String... fields) throws RefusedHead {
        String head = Wire.head("GET / HTTP/1.1", "Host: a.test", String.join("\r\n", fields));
        return Wire.accept(head, address(peer), TRUSTING);
    }

    private static InetSocketAddress address(String literal) {
        return new InetSocketAddress(literal, 40000);
    }

    private static String told(ClientRequest request) {
        return Wire.written(out -> TRUSTING.write(out, request, Edits.of(HeaderEdits.NONE, HeaderEdits.NONE)));
    }
}
