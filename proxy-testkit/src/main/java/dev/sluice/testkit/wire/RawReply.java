package dev.sluice.testkit.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response as it was on the wire: interim or final, with its body or only its head. */
public final class RawReply {

    private final RawHead head;
    private final byte[] body;
    private final List<String> trailers;
    private final boolean endedByClose;

    RawReply(RawHead head, byte[] body, List<String> trailers, boolean endedByClose) {
        this.head = head;
        this.body = body;
        this.trailers = trailers;
        this.endedByClose = endedByClose;
    }

    RawReply(RawHead head) {
        this(head, new byte[0], List.of(), false);
    }

    RawHead rawHead() {
        return head;
    }

    public String statusLine() {
        return head.startLine();
    }

    /** The second word of the status line. */
    public int status() {
        String[] words = head.startLine().split(" ", 3);
        if (words.length < 2 || !words[1].matches("[0-9]{3}")) {
            throw new AssertionError("status line: " + head.startLine() + " (expected: HTTP/1.1 200 OK)");
        }
        return Integer.parseInt(words[1]);
    }

    /** The header lines in order, each without its line end. */
    public List<String> headerLines() {
        return head.lines();
    }

    /** The first value of {@code name}, or null. */
    public @Nullable String header(String name) {
        return head.first(name);
    }

    /** All values of {@code name}, one for each line. */
    public List<String> headers(String name) {
        return head.all(name);
    }

    /** The head as it was on the wire, with the empty line. */
    public String headText() {
        return head.text();
    }

    /** The body without its framing; empty if only the head was read. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as Latin-1. */
    public String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    /** The trailer lines of a chunked body, in order. */
    public List<String> trailers() {
        return trailers;
    }

    /** Whether the body was delimited by the end of the connection. */
    public boolean endedByClose() {
        return endedByClose;
    }

    @Override
    public String toString() {
        return head.text() + text();
    }
}
