package dev.sluice.engine.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a head's {@code Connection} fields say (RFC 9110 §7.6.1): whether the connection lasts, whether an upgrade is
 * wanted, and which other fields are for this connection only. Immutable; the usual ones are shared.
 */
final class ConnectionOptions {

    private static final int CLOSE = 1;
    private static final int KEEP_ALIVE = 2;
    private static final int UPGRADE = 4;
    private static final int TE = 8;
    private static final ConnectionOptions[] USUAL = new ConnectionOptions[16];

    static {
        for (int flags = 0; flags < USUAL.length; flags++) {
            USUAL[flags] = new ConnectionOptions(flags, List.of());
        }
    }

    static final ConnectionOptions NONE = USUAL[0];

    private final int flags;
    private final List<String> nominated;

    private ConnectionOptions(int flags, List<String> nominated) {
        this.flags = flags;
        this.nominated = nominated;
    }

    static ConnectionOptions of(HttpHeaders headers) {
        ConnectionOptions options = NONE;
        Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(HttpHeaderNames.CONNECTION);
        while (values.hasNext()) {
            options = options.and(values.next().toString());
        }
        return options;
    }

    /** These options and those of one more field line. */
    ConnectionOptions and(String value) {
        int flags = this.flags;
        List<String> names = null;
        int from = 0;
        while (from <= value.length()) {
            int comma = value.indexOf(',', from);
            int end = comma < 0 ? value.length() : comma;
            int flag = flag(value, from, end);
            flags |= flag;
            if (flag == 0 && Tokens.length(value, from, end) > 0) {
                names = names == null ? new ArrayList<>(nominated) : names;
                names.add(value.substring(from, end).strip());
            }
            from = end + 1;
        }
        if (names == null && nominated.isEmpty()) {
            return USUAL[flags];
        }
        return new ConnectionOptions(flags, names == null ? nominated : List.copyOf(names));
    }

    private static int flag(String value, int from, int end) {
        return switch (Tokens.length(value, from, end)) {
            case 2 -> Tokens.is(value, from, end, "te") ? TE : 0;
            case 5 -> Tokens.is(value, from, end, "close") ? CLOSE : 0;
            case 7 -> Tokens.is(value, from, end, "upgrade") ? UPGRADE : 0;
            case 10 -> Tokens.is(value, from, end, "keep-alive") ? KEEP_ALIVE : 0;
            default -> 0;
        };
    }

    /** Whether the connection lasts after this message (RFC 9112 §9.3). */
    boolean persistent(boolean http10) {
        return (flags & CLOSE) == 0 && (!http10 || (flags & KEEP_ALIVE) != 0);
    }

    boolean upgrade() {
        return (flags & UPGRADE) != 0;
    }

    /** Whether {@code name} is for this connection only. */
    boolean nominates(CharSequence name) {
        for (int i = 0; i < nominated.size(); i++) {
            if (FoldedNames.same(nominated.get(i), name)) {
                return true;
            }
        }
        return false;
    }

    /** The names besides the usual ones. */
    List<String> nominated() {
        return nominated;
    }
}
