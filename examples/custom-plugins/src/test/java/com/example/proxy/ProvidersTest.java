package com.example.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.api.spi.RouteResolverProvider;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.testkit.FakePluginContext;
import dev.sluice.testkit.contract.PluginProviderContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersTest {

    private static final String KEY = SignedRequests.KEY;

    @Nested
    class Hawk extends PluginProviderContract<Authenticator> {

        @Override
        protected Class<? extends PluginProvider<Authenticator>> spi() {
            return AuthenticatorProvider.class;
        }

        @Override
        protected Class<? extends PluginProvider<Authenticator>> provider() {
            return HawkProvider.class;
        }

        @Override
        protected String name() {
            return "hawk";
        }
    }

    @Nested
    class ServiceFiles extends PluginProviderContract<RouteResolver> {

        @Override
        protected Class<? extends PluginProvider<RouteResolver>> spi() {
            return RouteResolverProvider.class;
        }

        @Override
        protected Class<? extends PluginProvider<RouteResolver>> provider() {
            return ServiceFileProvider.class;
        }

        @Override
        protected String name() {
            return "service-file";
        }
    }

    @Nested
    class CookiePrefixes extends PluginProviderContract<CookieMerger> {

        @Override
        protected Class<? extends PluginProvider<CookieMerger>> spi() {
            return CookieMergerProvider.class;
        }

        @Override
        protected Class<? extends PluginProvider<CookieMerger>> provider() {
            return CookiePrefixProvider.class;
        }

        @Override
        protected String name() {
            return "cookie-prefix";
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "credentials = []                                            | credentials: none (expected: at least one",
                "credentials = [ { id = a, key = secret7 } ]                 | key: 7 characters (expected: at least 32)",
                "credentials = [ { id = a/b, key = KEY } ]                   | id: a/b (expected: letters",
                "credentials = [ { id = a, key = KEY }, { id = a, key = KEY } ] | id: a twice (expected: each once)",
                "credentials = [ { id = a, key = KEY } ], nonces = 0         | nonces: 0 (expected: 1-10000000)"
            })
    void wrongConfigurationOfHawk_isExplained_withoutTheKey(String config, String complaint) {
        assertThatThrownBy(() -> new HawkProvider().create(context(config.replace("KEY", KEY))))
                .hasMessageContaining(complaint)
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain(KEY, "secret7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "routes = []                                               | routes: none (expected: at least one",
                "routes = [ { host = a, path = x, prefix = x- } ]          | path: x (expected: starts with /",
                "routes = [ { host = a, path = \"/x\", prefix = \"x=\" } ] | prefix: x= (expected: letters and digits",
                "routes = [ { host = a, path = \"/x\", prefix = x- }, { host = a, path = \"/y\", prefix = x- } ] | prefix: x- (expected: none"
            })
    void wrongConfigurationOfCookiePrefix_isExplained(String config, String complaint) {
        assertThatThrownBy(() -> new CookiePrefixProvider().create(context(config)))
                .hasMessageContaining(complaint);
    }

    private static FakePluginContext context(String config) {
        return new FakePluginContext(HoconConfig.parse(config));
    }
}
