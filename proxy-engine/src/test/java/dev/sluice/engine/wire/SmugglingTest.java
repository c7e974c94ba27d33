package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Trust;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Invariants 2, 7 and 10: {@code smuggling.txt} against a whole proxy, with every byte that the upstream gets. */
class SmugglingTest {

    private static final String AFTER = "GET /after HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String FORWARDED = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Host: %s\r\n"
            + "X-Forwarded-Proto: http\r\nForwarded: for=127.0.0.1;host=\"%s\";proto=http\r\nVia: 1.1 sluice\r\n";
    private static final String IDENTITY = "X-Px-User: alice\r\n";

    record Case(String name, String request, int status, String forwarded) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Vouches for Alice; keeps what it was asked about. */
    private static final class Alice implements Authenticator {
        final List<String> decidedOn = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            decidedOn.add(request.method() + " " + request.target());
            HeaderEdits identity =
                    HeaderEdits.builder().put("X-Px-User", "alice").build();
            return CompletableFuture.completedFuture(AuthDecision.proceed(Identity.of("alice"), identity));
        }

        @Override
        public Set<String> identityHeaders() {
            return Set.of("X-Px-User");
        }

        @Override
        public Set<String> ownCookies() {
            return Set.of("__Host-px");
        }
    }

    private final Alice alice = new Alice();
    private final ScriptedUpstream upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
    private final TestProxy proxy = to(RouteDecision.forward(upstream.upstream()));

    private TestProxy to(RouteDecision.Forward forward) {
        return TestProxy.with(s -> s, b -> b.authenticator(alice).resolver(TestProxy.always(forward)));
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void request_hasOneReading(Case c) {
        try (RawClient client = proxy.connect()) {
            client.send(c.request() + AFTER);
            var reply = client.readReply();
            assertThat(reply.status()).isEqualTo(c.status());
            if (c.status() == 200) {
                assertThat(client.readReply().status())
                        .as("the request behind it")
                        .isEqualTo(200);
                assertThat(withoutIds(upstream.received())).isEqualTo(c.forwarded() + after());
                assertThat(c.forwarded())
                        .as("what was decided on")
                        .startsWith(alice.decidedOn.get(0) + " HTTP/1.1\r\n");
                assertThat(alice.decidedOn).hasSize(2);
            } else {
                assertThat(reply.headerLines()).anyMatch(line -> line.matches("(?i)connection: (upgrade, )?close"));
                client.expectClosed();
                assertThat(upstream.connections()).isEmpty();
                assertThat(alice.decidedOn).isEmpty();
            }
        }
    }

    /** What is wrong in a body shows after its head has gone out: the upstream never sees the end of a whole request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5;a\nb~hello~0~~",
                "5;a=\"~\"~hello~0~~",
                "0x5~hello~0~~",
                "+5~hello~0~~",
                "-1~hello~0~~",
                "~hello~0~~",
                "5 5~hello~0~~",
                "ffffffffffffffff5~hello~0~~",
                "5~helloX~0~~",
                "5\nhello~0~~",
                "5~hello0~~"
            })
    void malformedChunk_neverEndsARequest(String body) {
        try (var own = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var to = to(RouteDecision.forward(own.upstream()));
                RawClient client = to.connect()) {
            client.send(decode("POST / HTTP/1.1~Host: h~Transfer-Encoding: chunked~~" + body) + AFTER);
            assertThat(client.readReply().status()).isEqualTo(400);
            client.expectClosed();
            own.awaitNoOpenConnection();
            assertThat(own.received()).doesNotContain("0\r\n\r\n").doesNotContain("/after");
        }
    }

    /** Attack 34. */
    @Test
    void bodyThatStopsShort_leavesNoConnectionBehind() {
        try (var own = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var to = to(RouteDecision.forward(own.upstream()))) {
            try (RawClient client = to.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n0123456789");
                await().until(() -> own.received().endsWith("0123456789"));
            }
            own.awaitConnection(1);
            own.awaitNoOpenConnection();
            try (RawClient next = to.connect()) {
                next.send(AFTER);
                assertThat(next.readReply().status()).isEqualTo(200);
            }
            assertThat(own.connections()).hasSize(2);
        }
    }

    /** Attack 35: within the limits, or 431. */
    @Test
    void endlessTrailers_areRefused() {
        try (RawClient client = proxy.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                    + "X-Trailer: 0123456789\r\n".repeat(3000) + "\r\n");
            assertThat(client.readReply().status()).isIn(400, 431);
            client.expectClosed();
        }
    }

    /** Attacks 22 and 33: what an upstream says beyond the response stays behind. */
    @Test
    void upstreamsHead_isWrittenAnew() {
        String reply = "HTTP/1.1 200 O\u000bK\r\nContent-Length: 2\r\nConnection: X-Secret\r\nX-Secret: 1\r\n"
                + "Set-Cookie: __Host-px=evil; Path=/\r\nSet-Cookie: \"__host-PX_0\"=evil\r\nSet-Cookie: app=1\r\n\r\nok";
        try (var own = ScriptedUpstream.respondWith(reply);
                var to = to(RouteDecision.forward(own.upstream()));
                RawClient client = to.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            var seen = client.readReply();
            assertThat(seen.status()).isIn(200, 502);
            assertThat(seen.headers("Set-Cookie")).doesNotContain("__Host-px=evil; Path=/");
            assertThat(seen.headText()).doesNotContain("evil").doesNotContain("X-Secret: 1");
        }
    }

    /** Invariant 7: a trusted upstream sees the proxy's cookies, and can set them no more than others. */
    @Test
    void trustedUpstream_seesOwnCookiesAndSetsNone() {
        String reply =
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: app=1\r\nSet-Cookie: __Host-px=; Max-Age=0\r\n\r\nok";
        try (var own = ScriptedUpstream.respondWith(reply);
                var to = to(RouteDecision.forward(own.upstream()).withTrust(Trust.TRUSTED));
                RawClient client = to.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1; __Host-px=secret\r\n\r\n");
            assertThat(client.readReply().headers("Set-Cookie")).containsExactly("app=1");
            assertThat(own.awaitRequest(1).headerLines()).contains("Cookie: a=1; __Host-px=secret");
        }
    }

    /** Invariant 10: what failed is told, and nothing of what the client sent (attack 53). */
    @Test
    void failures_areLoggedWithoutWhatTheClientSent() {
        Logger engine = (Logger) LoggerFactory.getLogger("dev.sluice.engine");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Level before = engine.getLevel();
        log.start();
        engine.addAppender(log);
        engine.setLevel(Level.ALL);
        engine.setAdditive(false);
        String secret = "s3cr3t";
        try (var own = ScriptedUpstream.start(
                        Scripts.garbage("HTTP/1.1 200 OK\r\nContent-Length: " + secret + "\r\n\r\n"));
                var to = to(RouteDecision.forward(own.upstream()));
                RawClient client = to.connect();
                RawClient other = to.connect()) {
            client.send("GET /?token=" + secret + " HTTP/1.1\r\nHost: h\r\nCookie: __Host-px=" + secret
                    + "\r\nAuthorization: Bearer " + secret + "\r\nUser-Agent: " + secret + "\r\n\r\n");
            assertThat(client.readReply().status()).isEqualTo(502);
            other.send("GET /" + secret + "#\u001b[31m" + secret + " HTTP/1.1\r\nHost: " + secret + "\r\n\r\n");
            other.readReply();
            assertThat(to.awaitEnded().status()).isEqualTo(502);
            assertThat(log.list).anyMatch(e -> e.getFormattedMessage().contains("UPSTREAM_PROTOCOL"));
            assertThat(log.list).allSatisfy(event -> {
                String line = event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy());
                assertThat(line).doesNotContain(secret).doesNotContain("\u001b");
            });
        } finally {
            engine.setLevel(before);
            engine.setAdditive(true);
            engine.detachAppender(log);
        }
    }

    /** The id of an exchange is another one each time. */
    private static String withoutIds(String heads) {
        return heads.replaceAll("X-Request-Id: [0-9a-z-]+\r\n", "");
    }

    private static String after() {
        return "GET /after HTTP/1.1\r\nHost: h\r\n" + added("h") + "\r\n";
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream table = SmugglingTest.class.getResourceAsStream("smuggling.txt")) {
            String text = new String(Objects.requireNonNull(table).readAllBytes(), StandardCharsets.UTF_8);
            return text
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(SmugglingTest::parse)
                    .toList()
                    .stream();
        }
    }

    /** What the proxy adds to a head. */
    private static String added(String host) {
        return IDENTITY + FORWARDED.formatted(host, host);
    }

    private static Case parse(String line) {
        String[] columns =
                Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
        assertThat(columns).as(line).hasSize(4);
        String request = decode(columns[1]);
        Matcher host = Pattern.compile("Host: ([^\r]*)").matcher(request);
        String added = added(host.find() ? host.group(1) : "");
        return new Case(
                columns[0].replaceAll(" +", " "),
                request,
                Integer.parseInt(columns[2]),
                decode(columns[3]).replace("{added}", added));
    }

    private static String decode(String text) {
        String decoded = text.replace("~", "\r\n")
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\t", "\t")
                .replace("\\v", "\u000b")
                .replace("\\0", "\0");
        return Pattern.compile("\\\\x([0-9a-f]{2})")
                .matcher(decoded)
                .replaceAll(m -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1), 16))));
    }
}
