package dev.sluice.engine.builtin;

import com.google.auto.service.AutoService;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.api.spi.CookieMergerProvider;
import dev.sluice.api.spi.PluginContext;
import java.util.List;

/** Stand-in. */
@AutoService(CookieMergerProvider.class)
public final class DefaultCookieMergerProvider implements CookieMergerProvider {
    @Override
    public String name() {
        return "default";
    }

    @Override
    public CookieMerger create(PluginContext context) {
        return new CookieMerger() {
            @Override
            public List<String> toUpstream(
                    ProxyRequest request, Trust trust, OwnCookies own, List<String> cookieLines) {
                return own.without(cookieLines);
            }

            @Override
            public List<String> toClient(
                    ProxyRequest request,
                    Trust trust,
                    OwnCookies own,
                    List<String> application,
                    List<SetCookie> proxy) {
                return own.withoutSetting(application);
            }
        };
    }
}
