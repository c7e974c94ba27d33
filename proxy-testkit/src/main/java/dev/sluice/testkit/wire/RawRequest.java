package dev.sluice.testkit.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request as an upstream received it. */
public final class RawRequest {

    private final RawHead head;
    private volatile byte[] body = new byte[0];
    private volatile List<String> trailers = List.of();

    RawRequest(RawHead head) {
        this.head = head;
    }

    RawHead rawHead() {
        return head;
    }

    void took(byte[] body, List<String> trailers) {
        this.body = body;
        this.trailers = trailers;
    }

    public String requestLine() {
        return head.startLine();
    }

    public String method() {
        return head.startLine().split(" ", 2)[0];
    }

    /** The second word of the request line. */
    public String target() {
        String[] words = head.startLine().split(" ", 3);
        return words.length < 2 ? "" : words[1];
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

    /** The body without its framing; empty until the script has read it. */
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

    @Override
    public String toString() {
        return head.text() + text();
    }
}
