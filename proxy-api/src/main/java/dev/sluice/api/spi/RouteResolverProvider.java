package dev.sluice.api.spi;

import dev.sluice.api.RouteResolver;

/** Makes {@link RouteResolver}s; see {@link PluginProvider}. */
public interface RouteResolverProvider extends PluginProvider<RouteResolver> {}
