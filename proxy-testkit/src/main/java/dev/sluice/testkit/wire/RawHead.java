package dev.sluice.testkit.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A start line and header lines, as received.
 *
 * @param bytes the head as it was on the wire, with the empty line
 */
record RawHead(String startLine, List<String> lines, byte[] bytes) {

    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    static RawHead read(Wire wire) throws IOException {
        byte[] bytes = wire.readUntil(END);
        String text = new String(bytes, 0, bytes.length - END.length, StandardCharsets.ISO_8859_1);
        List<String> lines = Arrays.asList(text.split("\r\n", -1));
        return new RawHead(lines.get(0), List.copyOf(lines.subList(1, lines.size())), bytes);
    }

    @Nullable
    String first(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon == name.length() && line.regionMatches(true, 0, name, 0, colon)) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return values;
    }

    boolean lists(String name, String element) {
        return all(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .anyMatch(token -> token.strip().equalsIgnoreCase(element));
    }

    boolean chunked() {
        return lists("Transfer-Encoding", "chunked");
    }

    boolean delimited() {
        return chunked() || first("Content-Length") != null;
    }

    /** Passes the body on that {@code Transfer-Encoding} or {@code Content-Length} delimits (RFC 9112 §6.3). */
    List<String> readDelimitedBody(Wire wire, OutputStream sink) throws IOException {
        if (chunked()) {
            return readChunks(wire, sink);
        }
        String length = first("Content-Length");
        if (length != null) {
            wire.readTo(sink, Long.parseLong(length));
        }
        return List.of();
    }

    /** RFC 9112 §7.1. */
    private static List<String> readChunks(Wire wire, OutputStream sink) throws IOException {
        while (true) {
            String line = wire.readLine();
            int extension = line.indexOf(';');
            String size = (extension < 0 ? line : line.substring(0, extension)).strip();
            long length = Long.parseLong(size.toLowerCase(Locale.ROOT), 16);
            if (length == 0) {
                return readTrailers(wire);
            }
            wire.readTo(sink, length);
            String end = wire.readLine();
            if (!end.isEmpty()) {
                throw new IOException("chunk longer than its size: " + end);
            }
        }
    }

    private static List<String> readTrailers(Wire wire) throws IOException {
        List<String> trailers = new ArrayList<>();
        for (String line = wire.readLine(); !line.isEmpty(); line = wire.readLine()) {
            trailers.add(line);
        }
        return List.copyOf(trailers);
    }

    String text() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
