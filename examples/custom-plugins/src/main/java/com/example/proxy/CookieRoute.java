package com.example.proxy;

import dev.sluice.api.PathReadings;

/** An application that shares its host with others, and the name space of its cookies. */
record CookieRoute(String host, String path, CookiePrefix prefix) {

    boolean takes(String requestHost, String requestPath) {
        return host.equals(requestHost) && PathReadings.isBelow(requestPath, path);
    }
}
