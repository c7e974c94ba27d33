package dev.sluice.api;

import java.util.Objects;
import java.util.Optional;

/**
 * What changes in a request on its way to the upstream.
 *
 * @param method another method, for example {@code GET} when the upstream serves a page in place of the answer
 * @param target another path and query, sent as it is; starts with {@code /}
 * @param host which {@code Host} the upstream sees
 * @param headers edits, applied after the authenticator's
 * @param body whether the request's body is passed on
 */
public record Rewrite(
        Optional<String> method, Optional<String> target, HostPolicy host, HeaderEdits headers, Body body) {

    /** Nothing changes: the client's method, target, headers and {@code Host}, with its body. */
    public static final Rewrite NONE =
            new Rewrite(Optional.empty(), Optional.empty(), HostPolicy.PRESERVE, HeaderEdits.NONE, Body.STREAM);

    /** What becomes of the request's body. */
    public enum Body {
        /** Streamed to the upstream. */
        STREAM,
        /** Not sent; the upstream sees a request without a body. */
        DROP
    }

    public Rewrite {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(body, "body");
        method.ifPresent(m -> {
            if (!FieldSyntax.isToken(m)) {
                throw new IllegalArgumentException("method: not a token (expected: RFC 9110 §9.1)");
            }
        });
        target.ifPresent(Rewrite::checkTarget);
    }

    /** This rewrite with another target. */
    public Rewrite withTarget(String target) {
        return new Rewrite(method, Optional.of(target), host, headers, body);
    }

    /** This rewrite with another {@code Host} policy. */
    public Rewrite withHost(HostPolicy host) {
        return new Rewrite(method, target, host, headers, body);
    }

    /** This rewrite with {@code headers} in place of its edits. */
    public Rewrite withHeaders(HeaderEdits headers) {
        return new Rewrite(method, target, host, headers, body);
    }

    /** A {@code GET} without a body, whatever the client sent: for pages that stand in for an answer. */
    public Rewrite asPage(String target) {
        return new Rewrite(Optional.of("GET"), Optional.of(target), host, headers, Body.DROP);
    }

    /** Not quoted in the message: it may hold a token. */
    static void checkTarget(String target) {
        boolean clean = target.startsWith("/");
        for (int i = 0; i < target.length() && clean; i++) {
            char c = target.charAt(i);
            clean = c > ' ' && c < 0x7f && c != '#';
        }
        if (!clean) {
            throw new IllegalArgumentException(
                    "target: (expected: starts with /, printable ASCII without space and #, RFC 9112 §3.2.1)");
        }
    }
}
