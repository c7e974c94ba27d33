package dev.sluice.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A short response that a plugin makes itself: an error, a redirect, a page. The engine adds {@code Content-Length} and
 * cookies, and leaves the body out for {@code HEAD}.
 */
public final class LocalResponse {

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;

    private LocalResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        if (status < 200 || status > 999) {
            throw new IllegalArgumentException("status: " + status + " (expected: 200-999)");
        }
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** A response without a body. */
    public static LocalResponse status(int status) {
        return new LocalResponse(status, List.of(), new byte[0]);
    }

    /** A plain text in UTF-8. */
    public static LocalResponse text(int status, String text) {
        return status(status).withBody("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** An HTML page in UTF-8; the caller has escaped what is not his own. */
    public static LocalResponse html(int status, String page) {
        return status(status).withBody("text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    /** A 302 to {@code location}, not to be cached. */
    public static LocalResponse redirect(String location) {
        return status(302).withHeader("Location", location).withHeader("Cache-Control", "no-store");
    }

    /** This response with {@code body}, of media type {@code contentType}. */
    public LocalResponse withBody(String contentType, byte[] body) {
        return new LocalResponse(status, headers, body.clone()).withHeader("Content-Type", contentType);
    }

    /** This response with one more field line; framing headers and cookies are refused, as in {@link HeaderEdits}. */
    public LocalResponse withHeader(String name, String value) {
        var checked = new HeaderEdits.Add(name, value);
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(checked.name(), checked.value()));
        return new LocalResponse(status, List.copyOf(more), body);
    }

    public int status() {
        return status;
    }

    /** The field lines, in order. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** A copy of the body; empty if there is none. */
    public byte[] body() {
        return body.clone();
    }

    /** The status alone: headers may hold a login's state. */
    @Override
    public String toString() {
        return "LocalResponse[" + status + "]";
    }
}
