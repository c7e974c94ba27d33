package dev.sluice.engine.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second opinion on what is HTTP/1.1: one message by the grammar of RFC 9112, with nothing that it merely tolerates. It
 * shares no code with the engine nor with Netty, so that what both agree on is not one mistake made once.
 */
final class StrictHttp {

    /** What is no HTTP, or ends too early. */
    static final class NotHttp extends Exception {
        private static final long serialVersionUID = 1;

        NotHttp(String why) {
            super(why);
        }
    }

    record Field(String name, String value) {}

    /**
     * @param start the start line's three parts
     * @param framing {@code none}, {@code chunked}, {@code until close}, or a number
     */
    record Head(List<String> start, List<Field> fields, String framing, int end) {

        List<String> all(String name) {
            return fields.stream()
                    .filter(field -> field.name().equalsIgnoreCase(name))
                    .map(Field::value)
                    .toList();
        }
    }

    /** @param end where the message ends */
    record Body(byte[] bytes, int end) {}

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    /** Netty's decoder takes more and other blanks between words (§3 allows it); one space goes upstream. */
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(" + TOKEN + ")[ \\t\\x0b\\f\\r]+([!-~]+)[ \\t\\x0b\\f\\r]+(HTTP/1\\.[01])");

    private static final Pattern STATUS_LINE =
            Pattern.compile("(HTTP/1\\.[01]) ([1-9][0-9]{2}) ([\t -~\u0080-\u00ff]*)");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \t]*([\t -~\u0080-\u00ff]*?)[ \t]*");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]+)([ \t]*;[\t -~\u0080-\u00ff]*)?");

    private final String text;
    private int at;

    private StrictHttp(byte[] bytes, int from) {
        text = new String(bytes, StandardCharsets.ISO_8859_1);
        at = from;
    }

    static Head request(byte[] bytes) throws NotHttp {
        return new StrictHttp(bytes, 0).head(REQUEST_LINE, true);
    }

    static Head response(byte[] bytes) throws NotHttp {
        return new StrictHttp(bytes, 0).head(STATUS_LINE, false);
    }

    /** The body behind {@code head}; empty if it has not come to its end. */
    static Optional<Body> body(byte[] bytes, Head head) throws NotHttp {
        StrictHttp http = new StrictHttp(bytes, head.end());
        return switch (head.framing()) {
            case "none" -> Optional.of(new Body(new byte[0], head.end()));
            case "until close" -> Optional.empty();
            case "chunked" -> http.chunks();
            default -> http.exactly(Long.parseLong(head.framing()));
        };
    }

    private Head head(Pattern startLine, boolean request) throws NotHttp {
        while (request && at < text.length() && (text.charAt(at) <= ' ' || text.charAt(at) == 0x7f)) {
            at++; // a server should ignore empty lines there (§2.2); Netty's decoder ignores all controls
        }
        Matcher start = matched(startLine, line(), "start line");
        List<Field> fields = fields();
        Head head = new Head(List.of(start.group(1), start.group(2), start.group(3)), fields, "none", at);
        return new Head(head.start(), fields, framing(head, request), at);
    }

    private List<Field> fields() throws NotHttp {
        List<Field> fields = new ArrayList<>();
        for (String line = unfolded(); !line.isEmpty(); line = unfolded()) {
            Matcher field = matched(FIELD, line, "field");
            fields.add(new Field(field.group(1), field.group(2)));
        }
        return fields;
    }

    /** RFC 9112 §6.3. */
    private static String framing(Head head, boolean request) throws NotHttp {
        List<String> codings = head.all("Transfer-Encoding");
        List<String> lengths = head.all("Content-Length");
        if (!codings.isEmpty()) {
            if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked") || !lengths.isEmpty()) {
                throw new NotHttp("framing");
            }
            return "chunked";
        }
        if (lengths.isEmpty()) {
            return request ? "none" : "until close";
        }
        if (lengths.size() > 1 || !lengths.get(0).matches("[0-9]{1,18}")) {
            throw new NotHttp("length");
        }
        return "" + Long.parseLong(lengths.get(0));
    }

    private Optional<Body> exactly(long length) {
        if (text.length() - at < length) {
            return Optional.empty();
        }
        int end = at + (int) length;
        return Optional.of(new Body(text.substring(at, end).getBytes(StandardCharsets.ISO_8859_1), end));
    }

    /** RFC 9112 §7.1. */
    private Optional<Body> chunks() throws NotHttp {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (hasLine()) {
            String digits = matched(CHUNK, line(), "chunk").group(1);
            if (digits.length() > 15) {
                throw new NotHttp("chunk size");
            }
            long size = Long.parseLong(digits, 16);
            if (size == 0) {
                return text.startsWith("\r\n", at) || text.indexOf("\r\n\r\n", at) >= 0
                        ? Optional.of(ended(body))
                        : Optional.empty();
            }
            Optional<Body> data = exactly(size);
            if (data.isEmpty() || data.get().end() + 2 > text.length()) {
                return Optional.empty();
            }
            body.writeBytes(data.get().bytes());
            at = data.get().end();
            if (!line().isEmpty()) {
                throw new NotHttp("end of a chunk");
            }
        }
        return Optional.empty();
    }

    /** Behind the trailers, whatever they say: what Netty's decoder makes of them is dropped, or written anew as fields. */
    private Body ended(ByteArrayOutputStream body) throws NotHttp {
        while (!line().isEmpty()) {
            // the next one
        }
        return new Body(body.toByteArray(), at);
    }

    private boolean hasLine() {
        return text.indexOf("\r\n", at) >= 0;
    }

    /**
     * A field's line with those that continue it, for which a space stands (§5.2). Control bytes at a continuation's edges
     * are passed over here, because Netty's decoder does so; they are not passed on.
     */
    private String unfolded() throws NotHttp {
        String line = line();
        while (!line.isEmpty() && at < text.length() && " \t".indexOf(text.charAt(at)) >= 0) {
            line = line + " " + line().trim();
        }
        return line;
    }

    private String line() throws NotHttp {
        int end = text.indexOf("\r\n", at);
        if (end < 0) {
            throw new NotHttp("no end of line");
        }
        String line = text.substring(at, end);
        at = end + 2;
        return line;
    }

    private static Matcher matched(Pattern pattern, String line, String what) throws NotHttp {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new NotHttp(what + ": " + line);
        }
        return matcher;
    }
}
