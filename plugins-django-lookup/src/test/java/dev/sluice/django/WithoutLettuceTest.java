package dev.sluice.django;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.api.spi.RouteResolverProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lettuce is optional, so the plugin works where it is not on the class path. */
class WithoutLettuceTest {

    private final ClassPath classPath = new ClassPath();

    @AfterEach
    void close() throws IOException {
        classPath.close();
    }

    @Test
    void nobodyAsksForPushes_worksWithoutLettuce() throws Exception {
        classPath
                .provider()
                .create(Lookups.context("", new FakeDjango()))
                .resolve(Lookups.page("lab.example.org"))
                .toCompletableFuture()
                .join();
    }

    @Test
    void pushes_complainThatLettuceIsMissing() {
        var context = Lookups.context("push.url = \"redis://127.0.0.1:1\"", new FakeDjango());
        assertThatThrownBy(() -> classPath.provider().create(context))
                .isInstanceOf(PluginConfigException.class)
                .hasMessageContaining("push.url: no client for Redis (expected: io.lettuce:lettuce-core on the class");
    }

    /** The test's class path, without Lettuce, and with the plugin's classes loaded anew. */
    private static final class ClassPath extends URLClassLoader {

        ClassPath() {
            super(
                    new URL[] {
                        DjangoLookupProvider.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    WithoutLettuceTest.class.getClassLoader());
        }

        RouteResolverProvider provider() throws ReflectiveOperationException {
            return (RouteResolverProvider) loadClass(DjangoLookupProvider.class.getName())
                    .getConstructor()
                    .newInstance();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.lettuce.")) {
                throw new ClassNotFoundException(name);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return name.startsWith("dev.sluice.django.") ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }
}
