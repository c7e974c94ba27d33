package dev.sluice.sso;

import dev.sluice.api.Headers;
import dev.sluice.api.ProxyRequest;

/** Whether a request can make the round trip of a login: only a page that a person opens in a browser can. */
enum RequestKind {
    NAVIGATION,
    /** A script, an asset, an API client, a WebSocket, or a method whose body would be lost. */
    OTHER;

    static RequestKind of(ProxyRequest request) {
        Headers headers = request.headers();
        if (request.webSocket()
                || !request.method().equals("GET")
                || headers.contains("Authorization")
                || headers.contains("X-Requested-With")) {
            return OTHER;
        }
        String mode = headers.get("Sec-Fetch-Mode");
        if (mode != null) {
            String destination = headers.get("Sec-Fetch-Dest");
            boolean page = destination == null
                    || destination.equals("document")
                    || destination.equals("iframe")
                    || destination.equals("frame");
            return mode.equals("navigate") && page ? NAVIGATION : OTHER;
        }
        String accept = headers.get("Accept");
        return accept != null && accept.contains("text/html") ? NAVIGATION : OTHER;
    }
}
