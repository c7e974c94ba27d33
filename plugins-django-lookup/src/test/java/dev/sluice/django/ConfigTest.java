package dev.sluice.django;

import static dev.sluice.django.Lookups.app;
import static dev.sluice.django.Lookups.decide;
import static dev.sluice.django.Lookups.gist;
import static dev.sluice.django.Lookups.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteDecision.Unready;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.config.HoconConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {

    private final FakeDjango django = new FakeDjango();

    private RouteResolver resolver(String hocon) {
        return new DjangoLookupProvider().create(Lookups.context(hocon, django));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            domain = "a b"                           | domain: a b (expected: a domain such as example.org
            host = "{root}"                          | host: {root} (expected: {public-host} in it)
            host = "{name}.{root}"                   | host: {name}.{root} (expected: no placeholder but {public-host}, {root})
            root = "ftp://django"                    | root: upstream: ftp://django
            root = "http://django/admin"             | (expected: http://host[:port] or https://host[:port])
            networks = []                            | networks: none (expected: the networks in which applications run
            networks = ["10.0.0.0/33"]               | 10.0.0.0/33 (expected: an address such as 192.0.2.1 or a range such as
            networks = ["example.org"]               | example.org (expected: an address such as 192.0.2.1
            path = "api/{public-host}"               | path: api/{public-host} (expected: starts with /)
            pages.spawning = "/a b"                  | pages.spawning: /a b (expected: a path and query, percent-encoded)
            pages.spawning = "/{message}"            | pages.spawning: /{message} (expected: no placeholder but {host}, {public-host}, {root})
            max-answer = 1                           | max-answer: 1 (expected: 1k-16m)
            cache.entries = 1                        | cache.entries: 1 (expected: 100-10000000)
            client-headers = [X_Sso_Profile, sso-profile-email]  | sso-profile-email (expected: no identity header, for clients could forge it)
            client-headers = [SSO_profile_EMAIL]     | sso-profile-email (expected: no identity header, for clients could forge it)
            to-client.running.set.Connection = close  | header: Connection (expected: a name that is not one of the engine's own
            to-client.running.add.X = "{nobody}"     | {nobody} (expected: no placeholder but {host}, {public-host}, {root}, {port})
            """)
    void wrongValue_isNamedWithWhatWasExpected(String hocon, String complaint) {
        assertThatThrownBy(() -> resolver(hocon))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining("proxy.conf: ");
    }

    @ParameterizedTest
    @CsvSource({"root", "domain", "networks"})
    void missingKey_isNamed(String key) {
        String hocon = Lookups.REQUIRED.replaceAll(key + " = (\\[.*]|[^,]*),?", "");
        var context = Lookups.context("", django);
        assertThat(context.config()).isNotNull();
        assertThatThrownBy(() -> DjangoLookupConfig.read(HoconConfig.parse(hocon)))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining(key);
    }

    @Test
    void everythingIsConfigurable() {
        RouteResolver resolver = resolver("""
                domain = "apps.test:8000"
                host = "app-{public-host}.{root}"
                path = "/where?is={public-host}"
                pages.spawning = "/wait/{public-host}?at={host}"
                retry-after = 1s
                to-client.spawning { set.X-Shows = "{host} of {root}", remove = [X-Frame-Options] }
                """);
        django.answer("GET where", 200, app("SPAWNING", ""));
        Unready unready = (Unready) decide(resolver, page("app-lab.apps.test:8000"));
        assertThat(gist(unready)).isEqualTo("unready /wait/lab?at=app-lab.apps.test%3A8000");
        assertThat(((Forward) unready.page()).toClient())
                .isEqualTo(HeaderEdits.builder()
                        .remove("X-Frame-Options")
                        .put("X-Shows", "app-lab.apps.test:8000 of apps.test:8000")
                        .build());
        assertThat(django.calls().get(0).uri()).hasToString("http://127.0.0.1:9/where?is=lab");
    }

    @Test
    void portInTemplates_isTheApplicationsOwn() {
        RouteResolver resolver = resolver(
                "to-client.wrapped.add.Content-Security-Policy = \"frame-src https://{public-host}--{port}.{root}\"");
        django.answer("GET lab", 200, Lookups.wrapped("http://10.0.0.1:8888"));
        Forward wrapper = (Forward) decide(resolver, page("lab.example.org"));
        assertThat(wrapper.toClient())
                .isEqualTo(HeaderEdits.builder()
                        .add("Content-Security-Policy", "frame-src https://lab--8888.example.org")
                        .build());
    }
}
