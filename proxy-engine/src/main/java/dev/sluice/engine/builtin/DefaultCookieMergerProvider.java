package dev.sluice.engine.builtin;

import com.google.auto.service.AutoService;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginContext;

/** Makes {@link DefaultCookieMerger}s, which have nothing to configure. */
@AutoService(CookieMergerProvider.class)
public final class DefaultCookieMergerProvider implements CookieMergerProvider {

    @Override
    public String name() {
        return "default";
    }

    @Override
    public CookieMerger create(PluginContext context) {
        return new DefaultCookieMerger();
    }
}
