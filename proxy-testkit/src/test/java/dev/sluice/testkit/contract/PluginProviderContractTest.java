package dev.sluice.testkit.contract;

import com.google.auto.service.AutoService;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.PluginProvider;
import org.junit.jupiter.api.Test;

/** The suite tells a good provider from those that would not be found, or found too often. */
public class PluginProviderContractTest {

    abstract static class Named implements AuthenticatorProvider {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Authenticator create(PluginContext context) {
            throw new UnsupportedOperationException("is only looked for");
        }
    }

    /** Keeps all promises. */
    @AutoService(AuthenticatorProvider.class)
    public static final class Registered extends Named {
        public Registered() {
            super("good-1");
        }
    }

    /** One of two with a name. */
    @AutoService(AuthenticatorProvider.class)
    public static final class Twin extends Named {
        public Twin() {
            super("twin");
        }
    }

    /** The other one. */
    @AutoService(AuthenticatorProvider.class)
    public static final class OtherTwin extends Named {
        public OtherTwin() {
            super("twin");
        }
    }

    /** In no services file. */
    public static final class Unregistered extends Named {
        public Unregistered() {
            super("unregistered");
        }
    }

    /** With a name that no configuration may use. */
    @AutoService(AuthenticatorProvider.class)
    public static final class BadlyNamed extends Named {
        public BadlyNamed() {
            super("Bad Name");
        }
    }

    static final class Hidden extends Named {
        Hidden() {
            super("hidden");
        }
    }

    abstract static class Suite extends PluginProviderContract<Authenticator> {
        private final Named provider;

        Suite(Named provider) {
            this.provider = provider;
        }

        @Override
        protected Class<? extends PluginProvider<Authenticator>> spi() {
            return AuthenticatorProvider.class;
        }

        @Override
        protected Class<? extends PluginProvider<Authenticator>> provider() {
            return provider.getClass();
        }

        @Override
        protected String name() {
            return provider.name();
        }
    }

    static class GoodSuite extends Suite {
        GoodSuite() {
            super(new Registered());
        }
    }

    static class TwinSuite extends Suite {
        TwinSuite() {
            super(new Twin());
        }
    }

    static class UnregisteredSuite extends Suite {
        UnregisteredSuite() {
            super(new Unregistered());
        }
    }

    static class BadlyNamedSuite extends Suite {
        BadlyNamedSuite() {
            super(new BadlyNamed());
        }
    }

    static class HiddenSuite extends Suite {
        HiddenSuite() {
            super(new Hidden());
        }
    }

    @Test
    void good_passes() {
        Suites.assertPasses(GoodSuite.class, 3);
    }

    @Test
    void notFoundOrFoundTwice_fails() {
        Suites.assertFails(TwinSuite.class, "provider_isFoundByItsName");
        Suites.assertFails(UnregisteredSuite.class, "provider_isFoundByItsName");
    }

    @Test
    void aNameThatNoConfigurationMayUse_fails() {
        Suites.assertFails(BadlyNamedSuite.class, "name_isOneThatConfigurationsMayUse");
    }

    @Test
    void aProviderThatCannotBeMade_fails() {
        Suites.assertFails(
                HiddenSuite.class,
                "provider_isFoundByItsName",
                "provider_isPublicWithAPublicConstructorWithoutParameters");
    }
}
