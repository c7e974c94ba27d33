package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import java.util.Locale;
import java.util.Set;

/** What a request, by its head, is able and allowed to bring about. */
final class ClientIntent {

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

    private final String noModifyHeader;

    ClientIntent(String noModifyHeader) {
        this.noModifyHeader = noModifyHeader;
    }

    /** Whether a page is any use to the client; programs and WebSockets want a status. */
    boolean wantsPage(ProxyRequest request) {
        return !request.webSocket()
                && (polls(request)
                        || request.headers().all("accept").stream()
                                .anyMatch(accept ->
                                        accept.toLowerCase(Locale.ROOT).contains("text/html")));
    }

    /** Whether the request may start or end an application. */
    boolean mayModify(ProxyRequest request) {
        return !polls(request) && !embeddedElsewhere(request);
    }

    /** Whether the request can be sent again if the first attempt fails: it is safe, and has no body. */
    boolean repeatable(ProxyRequest request) {
        String length = request.headers().get("content-length");
        return SAFE_METHODS.contains(request.method())
                && !request.headers().contains("transfer-encoding")
                && (length == null || length.equals("0"));
    }

    /** The spawning page asks again and again, and must not revive what has stopped meanwhile. */
    private boolean polls(ProxyRequest request) {
        return request.headers().contains(noModifyHeader);
    }

    /** An image tag or a script of another origin must not start applications in the name of its reader. */
    private static boolean embeddedElsewhere(ProxyRequest request) {
        String site = request.headers().get("sec-fetch-site");
        boolean elsewhere = "cross-site".equals(site) || "same-site".equals(site);
        return elsewhere && !"navigate".equals(request.headers().get("sec-fetch-mode"));
    }
}
