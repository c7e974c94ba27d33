package dev.sluice.engine.http;

import dev.sluice.engine.ProxySettings;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a request's fields that gathers what the connection, the framing and the host depend on, and refuses what
 * can be read in two ways.
 *
 * <p>Two policies live here. Another spelling of a framing name ({@code Content_Length}) is refused: CGI-like servers take
 * it for the framing itself. And {@code Connection} may not name a field that others rely on (host, framing, cookies,
 * credentials, forwarding headers): such a request asks the proxy to forward something else than what was decided on, so
 * it is refused with 400. A nominated identity header needs no refusal: the client's is always removed, and the proxy's is
 * written whatever {@code Connection} said.
 */
final class RequestScan {

    private static final int LONGEST_LENGTH = 18;

    private final boolean http10;
    private ConnectionOptions connection = ConnectionOptions.NONE;
    private Framing framing = Framing.NONE;
    private @Nullable String host;
    private boolean expectation;
    private boolean webSocketOffered;

    private RequestScan(boolean http10) {
        this.http10 = http10;
    }

    static RequestScan of(HttpHeaders headers, ProxySettings.Limits limits, boolean http10) throws RefusedHead {
        RequestScan scan = new RequestScan(http10);
        int count = 0;
        long bytes = 0;
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            String value = field.getValue().toString();
            count++;
            bytes += name.length() + value.length() + 4L;
            scan.see(name, value);
        }
        if (count > limits.headerCount() || bytes > limits.headerBytes()) {
            throw new RefusedHead(431, "The header fields are too many or too long.");
        }
        scan.checkNominations();
        return scan;
    }

    private void see(CharSequence name, String value) throws RefusedHead {
        switch (FieldKind.of(name)) {
            case HOST -> {
                if (host != null) {
                    throw new RefusedHead(400, "There is more than one Host.");
                }
                host = value;
            }
            case CONTENT_LENGTH -> {
                requirePlain(name);
                requireFirstFraming();
                framing = Framing.length(parseLength(value));
            }
            case TRANSFER_ENCODING -> {
                requirePlain(name);
                requireFirstFraming();
                requireChunked(value);
                framing = Framing.CHUNKED;
            }
            case CONNECTION -> connection = connection.and(value);
            case EXPECT -> {
                if (!value.equalsIgnoreCase("100-continue")) {
                    throw new RefusedHead(417, "The only expectation that can be met is 100-continue.");
                }
                expectation = true;
            }
            case UPGRADE -> webSocketOffered |= Tokens.contains(value, "websocket");
            case HIXIE_KEY -> throw new RefusedHead(400, "This WebSocket handshake is older than RFC 6455.");
            default -> {
                // Passed on or dropped when the head is written.
            }
        }
    }

    private static void requirePlain(CharSequence name) throws RefusedHead {
        if (!FoldedNames.isPlain(name)) {
            throw new RefusedHead(400, "A header name may be taken for a framing header.");
        }
    }

    private void requireFirstFraming() throws RefusedHead {
        if (framing != Framing.NONE) {
            throw new RefusedHead(400, "The length of the body is given more than once.");
        }
    }

    private void requireChunked(String value) throws RefusedHead {
        if (http10) {
            throw new RefusedHead(400, "HTTP/1.0 has no Transfer-Encoding.");
        }
        if (!value.equalsIgnoreCase("chunked")) {
            throw new RefusedHead(501, "The only transfer coding that is understood is chunked.");
        }
    }

    /** The number in a {@code Content-Length}: digits only (RFC 9110 §8.6). */
    static long parseLength(String value) throws RefusedHead {
        long length = 0;
        if (value.isEmpty() || value.length() > LONGEST_LENGTH) {
            throw new RefusedHead(400, "Content-Length is not a number of bytes.");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                throw new RefusedHead(400, "Content-Length is not a number of bytes.");
            }
            length = length * 10 + (c - '0');
        }
        return length;
    }

    private void checkNominations() throws RefusedHead {
        for (int i = 0; i < connection.nominated().size(); i++) {
            if (!FieldKind.of(connection.nominated().get(i)).mayBeNominated()) {
                throw new RefusedHead(400, "Connection names a field that is not the connection's.");
            }
        }
    }

    /** The value of {@code Host}, null if there is none. */
    @Nullable
    String host() {
        return host;
    }

    boolean http10() {
        return http10;
    }

    ConnectionOptions connection() {
        return connection;
    }

    Framing framing() {
        return framing;
    }

    /** An expectation of HTTP/1.0, or without a body, is ignored (RFC 9110 §10.1.1). */
    boolean expectsContinue() {
        return expectation && !http10 && framing.mayHaveBody();
    }

    /** Whether the client asks to switch to WebSocket; {@code Upgrade} of HTTP/1.0 is ignored (RFC 9110 §7.8). */
    boolean webSocket() {
        return webSocketOffered && connection.upgrade() && !http10;
    }
}
