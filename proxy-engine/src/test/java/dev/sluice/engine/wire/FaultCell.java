package dev.sluice.engine.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One cell of {@code faults.txt}: who goes wrong, where and how, and what then becomes of the exchange. Without an
 * expectation where the cell makes no sense, for the reason that {@code senseless} gives.
 */
record FaultCell(
        Side side,
        Place place,
        Fault fault,
        Layer layer,
        String client,
        String upstream,
        String report,
        String senseless) {

    enum Side {
        CLIENT,
        UPSTREAM
    }

    /** What is under way when it goes wrong. */
    enum Place {
        /** TLS's. */
        HANDSHAKE,
        REQUEST_HEAD,
        REQUEST_BODY,
        RESPONSE_HEAD,
        RESPONSE_BODY,
        TUNNEL
    }

    enum Fault {
        CONNECT_REFUSED,
        CONNECT_TIMEOUT,
        /** A certificate that is not believed; past the handshake, what is no record; without TLS, a handshake. */
        TLS_FAILURE,
        /** Half of what is due, then silence. */
        STALL,
        /** RST in place of what is due. */
        RESET,
        /** What is no HTTP, in place of what is due. */
        GARBAGE,
        /** Half of what is due, then FIN. */
        TRUNCATED,
        /** Nothing of what is due, then FIN. */
        EARLY_CLOSE,
        /** Half of what is due if anything is, then FIN; but what comes is read to its end. */
        HALF_CLOSE,
        /** Half of what is due if anything is, then FIN without TLS's close_notify, which belongs to every other FIN. */
        CUT
    }

    /** What the side that goes wrong speaks; the other one speaks in the clear. */
    enum Layer {
        PLAIN,
        TLS
    }

    boolean makesSense() {
        return senseless.isEmpty();
    }

    /** Whether that side speaks TLS, or is to. */
    boolean secured(Side who) {
        return side == who && layer == Layer.TLS;
    }

    /** Which cell it is, without what is expected. */
    String name() {
        return (layer + ", " + side + " in " + place + ": " + fault)
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }

    @Override
    public String toString() {
        return name();
    }

    /** The cells of the table, each row of which stands for all combinations of the words in its first four columns. */
    static List<FaultCell> table() {
        List<FaultCell> cells = new ArrayList<>();
        try (InputStream table = FaultCell.class.getResourceAsStream("faults.txt")) {
            new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> cells.addAll(row(line)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cells;
    }

    private static List<FaultCell> row(String line) {
        String[] column = Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new);
        boolean senseless = column[4].startsWith("-");
        List<FaultCell> cells = new ArrayList<>();
        for (Side side : words(Side.class, column[0])) {
            for (Place place : words(Place.class, column[1])) {
                for (Fault fault : words(Fault.class, column[2])) {
                    for (Layer layer : words(Layer.class, column[3])) {
                        cells.add(
                                senseless
                                        ? new FaultCell(side, place, fault, layer, "", "", "", column[4].substring(2))
                                        : new FaultCell(
                                                side, place, fault, layer, column[4], column[5], column[6], ""));
                    }
                }
            }
        }
        return cells;
    }

    private static <E extends Enum<E>> List<E> words(Class<E> type, String text) {
        if (text.equals("any")) {
            return List.of(type.getEnumConstants());
        }
        return Arrays.stream(text.split(","))
                .map(word ->
                        Enum.valueOf(type, word.strip().toUpperCase(Locale.ROOT).replace(' ', '_')))
                .toList();
    }
}
