package dev.sluice.api.spi;

import dev.sluice.api.CookieMerger;

/** Makes {@link CookieMerger}s; see {@link PluginProvider}. */
public interface CookieMergerProvider extends PluginProvider<CookieMerger> {}
