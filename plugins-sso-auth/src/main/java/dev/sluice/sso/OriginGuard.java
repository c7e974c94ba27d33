package dev.sluice.sso;

import dev.sluice.api.Headers;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import java.util.Set;

/**
 * Refuses what another site's page makes a browser send along with our cookie: WebSocket handshakes and methods that
 * change something. {@code SameSite} does not do it, because sibling hosts are one site.
 */
final class OriginGuard {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final String scheme;
    private final Set<String> allowed;

    /**
     * @param scheme the deployment's, as browsers see it
     * @param allowed origins beyond the request's own, as browsers write them
     */
    OriginGuard(String scheme, Set<String> allowed) {
        this.scheme = scheme;
        this.allowed = allowed;
    }

    /** Whether the request may use the cookie that came with it. */
    boolean admits(ProxyRequest request) {
        if (!request.webSocket() && SAFE.contains(request.method())) {
            return true;
        }
        String origin = request.headers().get("Origin");
        if (origin != null) {
            return isOwn(origin, request) || allowed.contains(origin);
        }
        String site = request.headers().get("Sec-Fetch-Site");
        return site == null || site.equals("same-origin") || site.equals("none");
    }

    /** Whether the request says that a page of its own origin made it; a request that says nothing does not. */
    boolean isSameOrigin(ProxyRequest request) {
        String origin = request.headers().get("Origin");
        return origin != null
                ? isOwn(origin, request)
                : "same-origin".equals(request.headers().get("Sec-Fetch-Site"));
    }

    private boolean isOwn(String origin, ProxyRequest request) {
        String authority = request.authority();
        return origin.length() == scheme.length() + 3 + authority.length()
                && origin.startsWith(scheme)
                && origin.startsWith("://", scheme.length())
                && origin.regionMatches(true, scheme.length() + 3, authority, 0, authority.length());
    }

    /** {@code response}, readable by the script that asked if its origin is a configured one. */
    LocalResponse readable(LocalResponse response, ProxyRequest request) {
        String origin = request.headers().get("Origin");
        return origin == null || !allowed.contains(origin)
                ? response
                : response.withHeader("Access-Control-Allow-Origin", origin)
                        .withHeader("Access-Control-Allow-Credentials", "true")
                        .withHeader("Vary", "Origin");
    }

    /** A CORS preflight (Fetch §4.8): it carries no credentials, so nobody can be asked to log in. */
    static boolean isPreflight(ProxyRequest request) {
        Headers headers = request.headers();
        return request.method().equals("OPTIONS")
                && headers.contains("Origin")
                && headers.contains("Access-Control-Request-Method");
    }
}
