package dev.sluice.engine.http;

/** How the end of a message's body is found (RFC 9112 §6.3). */
public final class Framing {

    /** There is no body, and no field says so. */
    public static final Framing NONE = new Framing("none", -1);

    /** The body is a series of chunks. */
    public static final Framing CHUNKED = new Framing("chunked", -1);

    /** The body lasts until the connection is closed; of responses only. */
    public static final Framing UNTIL_CLOSE = new Framing("until close", -1);

    private static final Framing EMPTY = new Framing("length", 0);

    private final String kind;
    private final long length;

    private Framing(String kind, long length) {
        this.kind = kind;
        this.length = length;
    }

    /** A body of {@code length} bytes, announced by {@code Content-Length}; zero is a length too. */
    public static Framing length(long length) {
        if (length < 0) {
            throw new IllegalArgumentException("length: " + length + " (expected: at least 0)");
        }
        return length == 0 ? EMPTY : new Framing("length", length);
    }

    public boolean isNone() {
        return this == NONE;
    }

    public boolean isChunked() {
        return this == CHUNKED;
    }

    public boolean isUntilClose() {
        return this == UNTIL_CLOSE;
    }

    /** The number of bytes of a body framed by length; -1 for every other framing. */
    public long length() {
        return length;
    }

    /** Whether at least one byte may follow the head. */
    public boolean mayHaveBody() {
        return this != NONE && length != 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Framing that && kind.equals(that.kind) && length == that.length;
    }

    @Override
    public int hashCode() {
        return kind.hashCode() + Long.hashCode(length);
    }

    @Override
    public String toString() {
        return length < 0 ? kind : kind + " " + length;
    }
}
