package dev.sluice.examples.quickstart;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A login that believes whatever name it is told: for trying the proxy out, and to show how small an authenticator can be.
 * The name travels in a cookie, signed with a key that lives as long as the process.
 */
final class DemoLogin implements Authenticator {

    static final String IDENTITY_HEADER = "X-Demo-User";
    private static final String COOKIE = "demo-login";
    private static final String LOGIN_PATH = "/login";
    private static final String FORM = "<!doctype html><title>Log in</title><h1>Who are you?</h1>"
            + "<form action=/login><input name=name pattern=[A-Za-z]+ required autofocus> <button>Log in</button></form>";

    private final SecretKeySpec key;

    DemoLogin() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, "HmacSHA256");
    }

    @Override
    public Set<String> identityHeaders() {
        return Set.of(IDENTITY_HEADER);
    }

    @Override
    public Set<String> ownCookies() {
        return Set.of(COOKIE);
    }

    @Override
    public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
        return CompletableFuture.completedFuture(decide(request));
    }

    private AuthDecision decide(ProxyRequest request) {
        if (request.path().equals(LOGIN_PATH)) {
            return logIn(request.target());
        }
        String name = nameIn(request.headers().all("Cookie"));
        if (name != null) {
            return AuthDecision.proceed(
                    Identity.of(name),
                    HeaderEdits.builder().put(IDENTITY_HEADER, name).build());
        }
        boolean navigation = "navigate".equals(request.headers().get("Sec-Fetch-Mode"));
        return AuthDecision.respond(
                navigation
                        ? LocalResponse.redirect(LOGIN_PATH)
                        : LocalResponse.text(401, "Log in first: " + LOGIN_PATH + "?name=alice\n"));
    }

    private AuthDecision logIn(String target) {
        int query = target.indexOf("?name=");
        String name = query < 0 ? "" : URLDecoder.decode(target.substring(query + 6), StandardCharsets.UTF_8);
        if (!name.matches("[A-Za-z]{1,40}")) {
            return AuthDecision.respond(LocalResponse.html(200, FORM));
        }
        // The quickstart is served over plain HTTP, where a browser would not keep a Secure cookie.
        SetCookie cookie =
                SetCookie.of(COOKIE, name + "." + sign(name)).insecure().build();
        return new AuthDecision.Respond(LocalResponse.redirect("/"), List.of(cookie));
    }

    private @Nullable String nameIn(List<String> cookieLines) {
        for (String line : cookieLines) {
            for (String pair : line.split(";")) {
                String[] parts = pair.strip().split("[=.]", 3);
                if (parts.length == 3 && parts[0].equals(COOKIE) && isSigned(parts[1], parts[2])) {
                    return parts[1];
                }
            }
        }
        return null;
    }

    private boolean isSigned(String name, String signature) {
        return MessageDigest.isEqual(
                sign(name).getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.US_ASCII));
    }

    private String sign(String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] signature = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
