package dev.sluice.engine.exchange;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import java.util.List;
import java.util.Objects;

/**
 * The cookies of every head, as the deployment's merger has them. What it throws is the caller's to handle; what the lines
 * hold is checked while the head is written.
 */
public record Cookies(CookieMerger merger, OwnCookies own) {

    List<String> toUpstream(ProxyRequest request, Trust trust) {
        return whole(merger.toUpstream(request, trust, own, request.headers().all("Cookie")));
    }

    List<String> toClient(ProxyRequest request, Trust trust, List<String> application, List<SetCookie> ours) {
        return whole(merger.toClient(request, trust, own, application, ours));
    }

    private static List<String> whole(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            Objects.requireNonNull(lines.get(i), "cookie line");
        }
        return lines;
    }
}
