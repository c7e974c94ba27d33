package dev.sluice.engine.builtin;

import dev.sluice.api.CookieDomain;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps own and application cookies apart, and touches nothing else.
 *
 * <ul>
 *   <li>To the upstream go the client's pairs byte for byte and in order, duplicates included (RFC 6265bis §4.2.2); to an
 *       untrusted one without those that {@link OwnCookies} claims. The engine joins the lines to one field.
 *   <li>To the client go the application's lines, each for itself and byte for byte, so that attributes that nobody knows
 *       yet survive; less those that set or clear an own cookie, whoever sent them; then the proxy's, because a browser
 *       keeps the last of two (§5.7).
 *   <li>An untrusted upstream sets cookies for its own host only: a line whose {@code Domain} is a parent of the
 *       request's host would reach, shadow and evict the cookies of its siblings, and is dropped ({@link CookieDomain}).
 * </ul>
 *
 * <p>What is not kept here: characters that break a field are refused by the decoder and again when a head is written;
 * sizes are the engine's limits; attributes, prefixes, lifetimes and deletions of own cookies are {@link SetCookie}'s;
 * chunks, transactions and when a cookie is set at all are the authenticator's; interim responses and trailers carry no
 * cookies because the engine leaves them out. The application's attributes are neither tightened nor repaired.
 *
 * <p>Where there is nothing to do, the list that was given is returned.
 */
public final class DefaultCookieMerger implements CookieMerger {

    @Override
    public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> cookieLines) {
        return trust == Trust.TRUSTED ? cookieLines : own.without(cookieLines);
    }

    @Override
    public List<String> toClient(
            ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
        List<String> kept = own.withoutSetting(application);
        if (trust != Trust.TRUSTED) {
            kept = CookieDomain.withoutParents(kept, request.host());
        }
        if (proxy.isEmpty()) {
            return kept;
        }
        List<String> lines = new ArrayList<>(kept.size() + proxy.size());
        lines.addAll(kept);
        for (SetCookie cookie : proxy) {
            lines.add(cookie.toHeaderValue());
        }
        return lines;
    }
}
