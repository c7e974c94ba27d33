package com.example.proxy;

import dev.sluice.api.ProxyRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that a caller shares with the proxy, and the signatures that are made with it (HMAC-SHA256). */
final class HawkKey {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    HawkKey(String secret) {
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** Whether {@code header} is this key's signature of {@code request}; takes the same time for every wrong one. */
    boolean signed(HawkHeader header, ProxyRequest request) {
        byte[] expected = sign(request, header).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(expected, header.mac().getBytes(StandardCharsets.US_ASCII));
    }

    /** The signature of a request: what it covers, a line each. The target is signed as it was sent. */
    String sign(ProxyRequest request, HawkHeader header) {
        return hmac(String.join(
                "\n",
                "hawk.1.header",
                Long.toString(header.ts()),
                header.nonce(),
                request.method(),
                request.target(),
                request.host(),
                port(request),
                header.hash(),
                header.ext(),
                ""));
    }

    /** The signature of a time, so that a caller whose clock is wrong need not believe just anybody. */
    String signTime(long seconds) {
        return hmac("hawk.1.ts\n" + seconds + "\n");
    }

    private static String port(ProxyRequest request) {
        String authority = request.authority();
        int colon = authority.lastIndexOf(':');
        if (colon > authority.lastIndexOf(']')) {
            return authority.substring(colon + 1);
        }
        return request.scheme().equals("https") ? "443" : "80";
    }

    private String hmac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
