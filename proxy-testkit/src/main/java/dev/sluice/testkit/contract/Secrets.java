package dev.sluice.testkit.contract;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must not show where people look: what was declared, and what requests and cookies carry. */
final class Secrets {

    /** A shorter one would be found by chance. */
    private static final int SHORTEST = 8;

    private final Set<String> secrets = new HashSet<>();

    Secrets(Collection<String> declared, Collection<ProxyRequest> requests) {
        secrets.addAll(declared);
        for (ProxyRequest request : requests) {
            for (String line : request.headers().all("Cookie")) {
                for (String pair : line.split(";", -1)) {
                    add(pair.substring(pair.indexOf('=') + 1));
                }
            }
            for (String credentials : request.headers().all("Authorization")) {
                add(credentials.substring(credentials.indexOf(' ') + 1));
            }
        }
    }

    void add(Collection<SetCookie> cookies) {
        cookies.forEach(cookie -> add(cookie.value()));
    }

    private void add(String secret) {
        String bare = secret.strip();
        if (bare.length() >= SHORTEST) {
            secrets.add(bare);
        }
    }

    /** The message does not repeat the secret. */
    void requireAbsent(Object... shown) {
        List<String> leaks = new ArrayList<>();
        for (Object object : shown) {
            String text = object.toString();
            if (secrets.stream().anyMatch(text::contains)) {
                leaks.add(object.getClass().getName());
            }
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("toString() shows a secret: " + leaks);
        }
    }
}
