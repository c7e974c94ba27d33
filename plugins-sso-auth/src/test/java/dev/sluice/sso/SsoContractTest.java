package dev.sluice.sso;

import dev.sluice.api.Authenticator;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.contract.AuthenticatorContract;
import dev.sluice.testkit.contract.PluginProviderContract;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The testkit's contracts, kept by both plugins. */
final class SsoContractTest {

    @Nested
    final class Sso extends AuthenticatorContract {

        private static final ManualClock CLOCK = new ManualClock(Instant.now());
        private static ScriptedProvider provider;
        private static ProxyRuntime runtime;
        private static TestRedis redis;
        private static SessionTicket ticket;

        @BeforeAll
        static void start() throws IOException {
            provider = new ScriptedProvider(CLOCK);
            runtime = ProxyRuntime.start(ProxySettings.defaults(), CLOCK);
            redis = new TestRedis();
            try (SsoAuthenticator first = make()) {
                org.awaitility.Awaitility.await().until(() -> first.readiness().ready());
                ticket = first.parts()
                        .sessions()
                        .begin(TestRecords.of("alice", CLOCK.instant().plusSeconds(3600)))
                        .toCompletableFuture()
                        .join();
            }
        }

        @AfterAll
        static void stop() throws IOException {
            runtime.close();
            redis.close();
            provider.close();
        }

        private static SsoAuthenticator make() {
            return (SsoAuthenticator) new SsoProvider()
                    .create(runtime.contextFor(HoconConfig.parse(TestConfigs.oidc(
                            provider,
                            "hosts = [\"a.p.test\"]",
                            "session { store = redis, url = \"" + redis.url() + "\" }"))));
        }

        @Override
        protected Authenticator authenticator() {
            SsoAuthenticator made = make();
            org.awaitility.Awaitility.await().until(() -> made.readiness().ready());
            return made;
        }

        @Override
        protected List<ProxyRequest> requests() {
            FakeRequest page = FakeRequest.get("https://p.test/").withHeader("Accept", "text/html");
            return List.of(
                    page.withHeader("Cookie", "__Host-sluice=" + ticket.text()),
                    page.withHeader(
                            "Cookie", "__Host-sluice=" + SessionTicket.random().text()),
                    page,
                    FakeRequest.get("https://a.p.test/").withHeader("Accept", "text/html"),
                    FakeRequest.get("https://p.test/"),
                    FakeRequest.webSocket("https://p.test/"),
                    FakeRequest.get("https://p.test/.sluice/sso/callback?code=c&state=s"),
                    FakeRequest.get("https://p.test/.sluice/sso/logout"),
                    FakeRequest.of("OPTIONS", "https://p.test/*"),
                    FakeRequest.get("https://evil.test/").withHeader("Accept", "text/html"));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of(TestConfigs.SECRET, ScriptedProvider.SECRET, ticket.text(), "access-token", "refresh-token");
        }
    }

    @Nested
    final class SsoProviding extends PluginProviderContract<Authenticator> {
        @Override
        protected Class<? extends PluginProvider<Authenticator>> spi() {
            return AuthenticatorProvider.class;
        }

        @Override
        protected Class<? extends PluginProvider<Authenticator>> provider() {
            return SsoProvider.class;
        }

        @Override
        protected String name() {
            return "sso";
        }
    }

    @Nested
    final class BasicProviding extends PluginProviderContract<Authenticator> {
        @Override
        protected Class<? extends PluginProvider<Authenticator>> spi() {
            return AuthenticatorProvider.class;
        }

        @Override
        protected Class<? extends PluginProvider<Authenticator>> provider() {
            return BasicProvider.class;
        }

        @Override
        protected String name() {
            return "basic";
        }
    }
}
