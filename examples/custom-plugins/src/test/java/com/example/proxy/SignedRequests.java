package com.example.proxy;

import dev.sluice.api.ProxyRequest;
import dev.sluice.testkit.FakeRequest;

/** Requests as a caller that has {@link #KEY} signs them. */
final class SignedRequests {

    static final String CALLER = "nightly";
    static final String KEY = "0123456789abcdef0123456789abcdef";

    private SignedRequests() {}

    static FakeRequest sign(FakeRequest request, long ts, String nonce) {
        return request.withHeader("Authorization", authorization(request, KEY, ts, nonce));
    }

    /** The value of {@code Authorization} for {@code request}. */
    static String authorization(ProxyRequest request, String key, long ts, String nonce) {
        String mac = new HawkKey(key).sign(request, new HawkHeader(CALLER, ts, nonce, "", "", ""));
        return "Hawk id=\"" + CALLER + "\", ts=\"" + ts + "\", nonce=\"" + nonce + "\", mac=\"" + mac + "\"";
    }
}
