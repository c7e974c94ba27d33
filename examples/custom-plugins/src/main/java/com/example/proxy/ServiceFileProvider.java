package com.example.proxy;

import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.RouteResolverProvider;
import java.nio.file.Path;
import java.time.Duration;

/** {@code service-file}: {@code file = services.yaml}. */
public final class ServiceFileProvider implements RouteResolverProvider {

    @Override
    public String name() {
        return "service-file";
    }

    @Override
    public RouteResolver create(PluginContext context) {
        PluginConfig config = context.config();
        Path file = Path.of(config.string("file"));
        Duration every = config.duration("check-every", Duration.ofSeconds(2));
        try {
            return new ServiceFileResolver(new WatchedServiceFile(file, every, context));
        } catch (ServiceFileException e) {
            throw config.wrong("file", e.getMessage());
        }
    }
}
