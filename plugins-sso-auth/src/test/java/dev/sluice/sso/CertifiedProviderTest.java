package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole logins at the certified oidc-provider, with its own login and consent pages. */
final class CertifiedProviderTest {

    private static @Nullable NodeProvider provider;
    private static @Nullable Replica replica;
    private Browser browser;

    @BeforeAll
    static void start() throws IOException {
        int port = freePort();
        NodeProvider started = NodeProvider.start("http://127.0.0.1:" + port + "/back-channel-logout");
        provider = started;
        replica = Replica.start(Clock.systemUTC(), """
                public-url = "https://p.test"
                issuer = "%s"
                client-id = sluice
                client-secret = "a secret of the client"
                scope = "openid email"
                userinfo = true
                headers { X-User = sub, X-Email = email }
                back-channel { port = %d }
                """.formatted(started.issuer(), port));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() {
        if (replica != null) {
            replica.close();
        }
        if (provider != null) {
            provider.close();
        }
    }

    @BeforeEach
    void browser() {
        browser = new Browser(Objects.requireNonNull(replica).address());
    }

    private Browser.Page logIn(String url) {
        Browser.Page login = browser.open(url);
        Browser.Page consent = browser.submit(action(login), "prompt=login&login=alice&password=x");
        return browser.submit(action(consent), "prompt=consent");
    }

    private static String action(Browser.Page page) {
        Matcher form = Pattern.compile("action=\"([^\"]+)\"").matcher(page.text());
        assertThat(form.find()).as(page.text()).isTrue();
        return URI.create(page.url()).resolve(form.group(1)).toString();
    }

    @Test
    void login_leadsBackWithTheIdentity() {
        Browser.Page page = logIn("https://p.test/x?y=1");

        assertThat(page.url()).isEqualTo("https://p.test/x?y=1");
        assertThat(page.text()).contains("X-User: alice").contains("X-Email: alice@good.test");
    }

    @Test
    void refreshTokens_rotate() {
        logIn("https://p.test/");
        String ticket = Objects.requireNonNull(browser.cookie("__Host-sluice", "https://p.test/"));
        Session session = Objects.requireNonNull(Objects.requireNonNull(replica)
                .authenticator()
                .parts()
                .sessions()
                .cached(List.of(ticket), "p.test"));
        String first = session.record().tokens().refresh();

        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(browser.fetch("https://p.test/").status()).isEqualTo(200);
            return session.state().version() > 2;
        });
        assertThat(session.record().tokens().refresh()).isNotEqualTo(first);
    }

    @Test
    void logout_endsTheSessionHereAndThere() {
        logIn("https://p.test/");
        Browser.Page leaving = browser.send("POST", "https://p.test/.sluice/sso/logout", "Origin: https://p.test");
        assertThat(browser.fetch("https://p.test/").status()).isEqualTo(401);

        Browser.Page confirm = browser.open(leaving.location());
        Browser.Page end = browser.submit(action(confirm), "logout=yes&xsrf=" + xsrf(confirm));

        assertThat(end.url()).startsWith("https://p.test/.sluice/sso/logged-out");
        assertThat(browser.open("https://p.test/").url())
                .startsWith(Objects.requireNonNull(provider).issuer());
    }

    private static String xsrf(Browser.Page page) {
        Matcher field = Pattern.compile("name=\"xsrf\" value=\"([^\"]+)\"").matcher(page.text());
        assertThat(field.find()).as(page.text()).isTrue();
        return field.group(1);
    }

    @Test
    void logoutAtTheProvider_reachesUsByTheBackChannel() {
        logIn("https://p.test/");
        Browser.Page confirm = browser.open(Objects.requireNonNull(provider).issuer() + "/session/end");
        browser.submit(action(confirm), "logout=yes&xsrf=" + xsrf(confirm));

        await().until(() -> browser.fetch("https://p.test/").status() == 401);
    }
}
