package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.sluice.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Attack 53: whatever happens to a login or a session, the log holds no code, state, token, ticket or secret. */
final class LogSecrecyTest {

    private final Logger log = (Logger) LoggerFactory.getLogger("dev.sluice");
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final AppenderBase<ILoggingEvent> ear = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    };

    @BeforeEach
    void listen() {
        ear.start();
        log.addAppender(ear);
        log.setAdditive(false);
        log.setLevel(Level.TRACE);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(ear);
        log.setAdditive(true);
        log.setLevel(null);
    }

    @Test
    void lifeOfSessions_leavesNoSecretInTheLog() throws Exception {
        ManualClock clock = new ManualClock(Instant.now());
        Set<String> secrets = new HashSet<>(Set.of(TestConfigs.SECRET, ScriptedProvider.SECRET));
        try (ScriptedProvider provider = new ScriptedProvider(clock);
                TestRedis redis = new TestRedis();
                Replica replica = Replica.start(
                        clock,
                        TestConfigs.oidc(provider, "session { store = redis, url = \"" + redis.url() + "\" }"))) {
            await().until(() -> replica.authenticator().readiness().ready());
            Browser browser = new Browser(replica.address());

            String callback = browser.openUntil("https://p.test/?q=private", "/callback?");
            secrets.add(Objects.requireNonNull(Query.of(callback).get("code")));
            secrets.add(Objects.requireNonNull(Query.of(callback).get("state")));
            browser.cookieNames("https://p.test/")
                    .forEach(name -> secrets.add(Objects.requireNonNull(browser.cookie(name, "https://p.test/"))));
            browser.open(callback);
            browser.load(callback); // used before
            String ticket = Objects.requireNonNull(browser.cookie("__Host-sluice", "https://p.test/"));
            secrets.add(ticket);
            Session session = await().until(
                            () -> replica.authenticator().parts().sessions().cached(List.of(ticket), "p.test"),
                            Objects::nonNull);
            addTokens(secrets, session);

            provider.breakDown("/token", 500);
            clock.advance(Duration.ofSeconds(provider.tokenSeconds));
            assertThat(browser.fetch("https://p.test/").status()).isEqualTo(503);
            provider.breakDown("/token", 0);
            clock.advance(Duration.ofSeconds(2));
            assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
            addTokens(secrets, session);
            Browser.Page left = browser.send("POST", "https://p.test/.sluice/sso/logout", "Origin: https://p.test");
            assertThat(URI.create(left.location()).getHost()).isEqualTo("127.0.0.1");

            provider.idTokenForgery = token -> token + "x";
            browser.open("https://p.test/");
            redis.stop();
            await().until(() -> !replica.authenticator().readiness().ready());
            assertThat(browser.fetch("https://p.test/", "Cookie: __Host-sluice=" + ticket)
                            .status())
                    .isEqualTo(503);
        }
        assertThat(lines)
                .anyMatch(line -> line.contains("logged in: alice"))
                .anyMatch(line -> line.contains("logged out: alice"))
                .anyMatch(line -> line.contains("token endpoint: 500"))
                .anyMatch(line -> line.contains("login refused"))
                .anyMatch(line -> line.contains("session store"));
        for (String secret : secrets) {
            assertThat(lines).noneMatch(line -> line.contains(secret));
        }
    }

    private static void addTokens(Set<String> secrets, Session session) {
        SessionRecord.Tokens tokens = session.record().tokens();
        secrets.add(Objects.requireNonNull(tokens.access()));
        secrets.add(Objects.requireNonNull(tokens.refresh()));
        secrets.add(Objects.requireNonNull(tokens.id()));
    }
}
