package dev.sluice.django;

import com.google.auto.service.AutoService;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginContext;
import dev.sluice.api.spi.RouteResolverProvider;

/** Makes the resolver {@code django-lookup}; its keys are described in {@code docs/plugins/django-lookup.md}. */
@AutoService(RouteResolverProvider.class)
public final class DjangoLookupProvider implements RouteResolverProvider {

    @Override
    public String name() {
        return "django-lookup";
    }

    @Override
    public RouteResolver create(PluginContext context) {
        return DjangoRouteResolver.of(DjangoLookupConfig.read(context.config()), context);
    }
}
