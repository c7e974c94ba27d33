package dev.sluice.sso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.contract.AuthenticatorContract;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class BasicAuthenticatorTest extends AuthenticatorContract {

    private static final String PASSWORD = "a long:random password";

    @Override
    protected Authenticator authenticator() {
        return make("user = prometheus, password-sha256 = " + Secrets.hash(PASSWORD)
                + ", headers { X-User = \"service:prometheus\" }");
    }

    private static Authenticator make(String config) {
        return new BasicProvider().create(new FakePluginContext(HoconConfig.parse(config)));
    }

    @Override
    protected List<ProxyRequest> requests() {
        return List.of(
                with("prometheus:" + PASSWORD),
                with("prometheus:wrong"),
                with("somebody:" + PASSWORD),
                with("prometheus"),
                with(""),
                FakeRequest.get("http://p.test/").withHeader("Authorization", "Basic %%%"),
                FakeRequest.get("http://p.test/").withHeader("Authorization", "Bearer x"),
                FakeRequest.get("http://p.test/"));
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(PASSWORD, Secrets.hash(PASSWORD));
    }

    private static ProxyRequest with(String credentials) {
        String encoded = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return FakeRequest.get("http://p.test/").withHeader("Authorization", "Basic " + encoded);
    }

    private AuthDecision ask(ProxyRequest request) {
        return authenticator().authenticate(request).toCompletableFuture().join();
    }

    @Test
    void rightCredentials_passAndStayHere() {
        AuthDecision.Proceed proceed = (AuthDecision.Proceed) ask(with("prometheus:" + PASSWORD));

        assertThat(proceed.identity().userId()).isEqualTo("prometheus");
        assertThat(proceed.toUpstream()).hasToString("HeaderEdits[Remove Authorization, Put X-User]");
    }

    @Test
    void wrongCredentials_areRefused() {
        for (String wrong :
                List.of("prometheus:wrong", "somebody:" + PASSWORD, "prometheus:", ":" + PASSWORD, "x", "")) {
            AuthDecision.Respond respond = (AuthDecision.Respond) ask(with(wrong));
            assertThat(respond.response().status()).isEqualTo(401);
            assertThat(respond.response().headers())
                    .anySatisfy(header -> assertThat(header.getValue()).isEqualTo("Basic realm=\"proxy\""));
        }
    }

    @Test
    void noBasicCredentials_areLeftToTheNext() {
        assertThat(ask(FakeRequest.get("http://p.test/"))).isInstanceOf(AuthDecision.Abstain.class);
        assertThat(ask(FakeRequest.get("http://p.test/").withHeader("Authorization", "Bearer x")))
                .isInstanceOf(AuthDecision.Abstain.class);
    }

    @Test
    void wrongConfiguration_isRefused() {
        for (String config : List.of(
                "user = a",
                "password-sha256 = " + Secrets.hash("x"),
                "user = \"a:b\", password-sha256 = " + Secrets.hash("x"),
                "user = a, password-sha256 = secret")) {
            assertThatThrownBy(() -> make(config)).isInstanceOf(PluginConfigException.class);
        }
    }
}
