package dev.sluice.django;

import dev.sluice.api.RouteResolver;
import dev.sluice.api.spi.PluginProvider;
import dev.sluice.api.spi.RouteResolverProvider;
import dev.sluice.testkit.contract.PluginProviderContract;

class DjangoLookupProviderTest extends PluginProviderContract<RouteResolver> {

    @Override
    protected Class<? extends PluginProvider<RouteResolver>> spi() {
        return RouteResolverProvider.class;
    }

    @Override
    protected Class<? extends PluginProvider<RouteResolver>> provider() {
        return DjangoLookupProvider.class;
    }

    @Override
    protected String name() {
        return "django-lookup";
    }
}
