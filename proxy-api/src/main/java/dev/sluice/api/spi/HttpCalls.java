package dev.sluice.api.spi;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Small HTTP calls of a plugin to other services: an identity provider, a control plane. Redirects are not followed,
 * cookies are not kept, nothing is decompressed, no header is invented except {@code Host} (unless the call sets it) and
 * the framing.
 */
public interface HttpCalls {

    /**
     * Sends one call; may be called on any thread and does not block. Cancelling the stage's future does not cancel the
     * call.
     *
     * @return completes with whatever response arrives, errors such as 500 included; fails with an
     *     {@link java.io.IOException} if there is none: not connected, cut short, too slow, too large. It completes on an
     *     event loop.
     */
    CompletionStage<Reply> send(Call call);

    /** One call; made with {@link #get}, {@link #of} and the {@code with…} methods. */
    final class Call {
        private final String method;
        private final URI uri;
        private final List<Map.Entry<String, String>> headers;
        private final byte[] body;
        private final Duration timeout;
        private final int maxReplyBytes;

        private Call(
                String method,
                URI uri,
                List<Map.Entry<String, String>> headers,
                byte[] body,
                Duration timeout,
                int maxReplyBytes) {
            this.method = Objects.requireNonNull(method, "method");
            this.uri = Objects.requireNonNull(uri, "uri");
            this.headers = headers;
            this.body = body;
            this.timeout = timeout;
            this.maxReplyBytes = maxReplyBytes;
        }

        /** A call without a body that waits 5 seconds for at most 1 MiB. */
        public static Call of(String method, URI uri) {
            return new Call(method, uri, List.of(), new byte[0], Duration.ofSeconds(5), 1 << 20);
        }

        /** {@code GET uri}. */
        public static Call get(URI uri) {
            return of("GET", uri);
        }

        /** This call with one more field line. {@code Host} is allowed; framing headers are not. */
        public Call withHeader(String name, String value) {
            List<Map.Entry<String, String>> more = new ArrayList<>(headers);
            more.add(Map.entry(name, value));
            return new Call(method, uri, List.copyOf(more), body, timeout, maxReplyBytes);
        }

        /** This call with a body, of media type {@code contentType}. */
        public Call withBody(String contentType, byte[] body) {
            return new Call(method, uri, headers, body.clone(), timeout, maxReplyBytes)
                    .withHeader("Content-Type", contentType);
        }

        /** This call, given up after {@code timeout} from its start to the last byte of its reply. */
        public Call withTimeout(Duration timeout) {
            return new Call(method, uri, headers, body, timeout, maxReplyBytes);
        }

        /** This call, failed if the reply's body is larger. */
        public Call withMaxReplyBytes(int maxReplyBytes) {
            return new Call(method, uri, headers, body, timeout, maxReplyBytes);
        }

        public String method() {
            return method;
        }

        public URI uri() {
            return uri;
        }

        public List<Map.Entry<String, String>> headers() {
            return headers;
        }

        public byte[] body() {
            return body.clone();
        }

        public Duration timeout() {
            return timeout;
        }

        public int maxReplyBytes() {
            return maxReplyBytes;
        }

        /** Method and host: queries and headers may hold secrets. */
        @Override
        public String toString() {
            return method + " " + uri.getScheme() + "://" + uri.getRawAuthority();
        }
    }

    /** What came back. */
    final class Reply {
        private final int status;
        private final List<Map.Entry<String, String>> headers;
        private final byte[] body;

        /** For implementations of {@link HttpCalls} and for tests. */
        public Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) {
            this.status = status;
            this.headers = List.copyOf(headers);
            this.body = body.clone();
        }

        public int status() {
            return status;
        }

        /** The field lines, in order. */
        public List<Map.Entry<String, String>> headers() {
            return headers;
        }

        /** The first value of a field, or null. */
        public @Nullable String header(String name) {
            for (var field : headers) {
                if (field.getKey().equalsIgnoreCase(name)) {
                    return field.getValue();
                }
            }
            return null;
        }

        public byte[] body() {
            return Arrays.copyOf(body, body.length);
        }

        /** The body as UTF-8. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The status alone: a reply may hold tokens. */
        @Override
        public String toString() {
            return "Reply[" + status + "]";
        }
    }
}
