package dev.sluice.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.Transport;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProxyConfigTest {

    private static final String CHAINS =
            "authenticators = [ { plugin = anonymous } ]\nresolvers = [ { plugin = static } ]\n";

    private static ProxyConfig read(String text) {
        return ProxyConfig.read(HoconConfig.parse(text));
    }

    @Test
    void chainsAlone_leaveTheDefaults() {
        ProxyConfig config = read(CHAINS);
        assertThat(config.settings()).isEqualTo(ProxySettings.defaults());
        assertThat(config.authenticators()).extracting(e -> e.name()).containsExactly("anonymous");
        assertThat(config.resolvers()).extracting(e -> e.name()).containsExactly("static");
        assertThat(config.cookieMerger().name()).isEqualTo("default");
    }

    @Test
    void everySetting_isRead() throws Exception {
        ProxySettings settings = read(CHAINS + """
                        listen { host = "::1", port = 0 }
                        transport = io-uring
                        timeouts {
                          request-head = 1s, plugin-call = 2s, queue = 3s, connect = 4s, response-head = 5s
                          body-idle = 6s, body-grace = 7s, request-lifetime = 8s, keep-alive-idle = 9s
                          tunnel-idle = 10s, tunnel-ping = 11s, tunnel-lifetime = 12s, drain = 13s, ejection = 14s
                        }
                        limits {
                          connections = 101, connections-per-address = 102, requests-per-connection = 103
                          request-line = 4k, header-bytes = 16k, header-count = 50, pipelined = 3
                          body-rate = 1k, plugin-calls = 104, exchanges-per-upstream = 105, queued-per-upstream = 106
                          connect-failures = 107
                        }
                        pool { idle-per-upstream = 7, idle = 11s, age = 12s, requests = 13 }
                        forwarding { trusted-proxies = ["10.0.0.0/8", "fd00::/8"] }
                        cookie-merger { plugin = other }
                        """).settings();
        assertThat(settings.listen().address().getAddress()).isEqualTo(InetAddress.getByName("::1"));
        assertThat(settings.listen().address().getPort()).isZero();
        assertThat(settings.transport()).isEqualTo(Transport.IO_URING);
        assertThat(settings.timeouts())
                .isEqualTo(new ProxySettings.PhaseTimeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(14),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(11),
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(13)));
        assertThat(settings.limits())
                .isEqualTo(new ProxySettings.Limits(101, 102, 103, 4096, 16384, 50, 3, 1024, 104, 105, 106, 107));
        assertThat(settings.pool())
                .isEqualTo(new ProxySettings.Pool(7, Duration.ofSeconds(11), Duration.ofSeconds(12), 13));
        assertThat(settings.trustedProxies()).hasSize(2);
        assertThat(settings.trustedProxies().get(1).contains(InetAddress.getByName("fd00::1")))
                .isTrue();
    }

    @Test
    void everyComplaint_isListed() {
        assertThatThrownBy(() -> read("""
                        listen { port = 70000, prot = 1 }
                        timeouts { connect = 3 }
                        limits { request-line = 1g, header-count = 0 }
                        forwarding { trusted-proxies = ["10.0.0.0/8", "10.0.0.0/99", "example.org"] }
                        transport = kqueue
                        authenticators = [ { when { methods = [get], path = "/" } } ]
                        resolver = []
                        pool = 3
                        """)).message().isEqualToNormalizingNewlines("""
                        listen.port: 70000 (expected: 0-65535), proxy.conf: 1
                        listen.prot: unknown key (expected: host, port, proxy-protocol, tls), proxy.conf: 1
                        transport: kqueue (expected: auto, nio, epoll, io-uring), proxy.conf: 5
                        timeouts.connect: 3 (expected: a duration between 1ms and 365d with its unit, such as 500ms, 5s, 2m), proxy.conf: 2
                        limits.request-line: 1073741824 bytes (expected: 64-1048576), proxy.conf: 3
                        limits.header-count: 0 (expected: 1-10000), proxy.conf: 3
                        pool: 3 (expected: a section: { ... }), proxy.conf: 8
                        forwarding.trusted-proxies[1]: 10.0.0.0/99 (expected: an address such as 192.0.2.1 or a range such as 10.0.0.0/8), proxy.conf: 4
                        forwarding.trusted-proxies[2]: example.org (expected: an address such as 192.0.2.1 or a range such as 10.0.0.0/8), proxy.conf: 4
                        authenticators[0].plugin: missing (expected: a text), proxy.conf: 6
                        authenticators[0].when.methods[0]: get (expected: a method in capitals, such as GET), proxy.conf: 6
                        authenticators[0].when.path: unknown key (expected: hosts, methods, paths), proxy.conf: 6
                        resolvers: none (expected: at least one, such as resolvers = [ { plugin = static, routes = [ { upstream = "http://127.0.0.1:9000" } ] } ]), proxy.conf
                        resolver: unknown key (expected: access-log, admin, authenticators, cookie-merger, forwarding, limits, listen, pool, reload, resolvers, timeouts, tracing, transport, upstream-tls), proxy.conf: 7""");
    }

    @Test
    void emptyChain_saysWhatToWrite() {
        assertThatThrownBy(() -> read("authenticators = []\nresolvers = [ { plugin = x } ]"))
                .hasMessage(
                        "authenticators: none (expected: at least one, such as authenticators = [ { plugin = anonymous } ]), proxy.conf: 1");
    }

    @Test
    void unknownHost_isRefused() {
        assertThatThrownBy(() -> read(CHAINS + "listen { host = \"no such host\" }"))
                .hasMessage(
                        "listen.host: no such host (expected: an address of this machine, or its name), proxy.conf: 3");
    }
}
