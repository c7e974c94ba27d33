package dev.sluice.api.examples;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import java.util.ArrayList;
import java.util.List;

final class PlainMerger implements CookieMerger {
    @Override
    public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
        return trust == Trust.TRUSTED ? lines : own.without(lines);
    }

    @Override
    public List<String> toClient(
            ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
        List<String> lines = new ArrayList<>(own.withoutSetting(application));
        proxy.forEach(cookie -> lines.add(cookie.toHeaderValue()));
        return lines;
    }
}
