package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.spi.PluginProvider;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/**
 * That a plugin's provider is found: by the class, the registration and the name that a deployment relies on.
 *
 * @param <T> the SPI that the plugin implements
 */
public abstract class PluginProviderContract<T> {

    /** The kind of provider, for example {@code AuthenticatorProvider.class}. */
    protected abstract Class<? extends PluginProvider<T>> spi();

    /** The class of the provider. */
    protected abstract Class<? extends PluginProvider<T>> provider();

    /** The name by which configurations select the plugin. */
    protected abstract String name();

    @Test
    final void provider_isFoundByItsName() {
        List<Class<?>> found = ServiceLoader.load(spi()).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals(name()))
                .<Class<?>>map(Object::getClass)
                .toList();

        assertThat(found)
                .as("providers of %s that are registered with the name %s", spi().getSimpleName(), name())
                .containsExactly(provider());
    }

    @Test
    final void name_isOneThatConfigurationsMayUse() {
        assertThat(name()).matches("[a-z][a-z0-9-]*");
    }

    @Test
    final void provider_isPublicWithAPublicConstructorWithoutParameters() {
        assertThat(provider()).isPublic();
        assertThat(provider().getConstructors())
                .as("public constructors")
                .anyMatch(constructor -> constructor.getParameterCount() == 0);
    }
}
