package dev.sluice.engine.wire;

import dev.sluice.testkit.wire.BodyDigest;
import dev.sluice.testkit.wire.RawRequest;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamConnection;
import dev.sluice.testkit.wire.UpstreamScript;
import dev.sluice.testkit.wire.WebSocketFrame;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.io.IOException;
import java.util.List;

/** The upstream of a soak: does what a request's target says, {@code /down/1000/chunked} or {@code /fault/RESET}. */
final class SoakScript implements UpstreamScript {

    /** How an upstream goes wrong, and what its client is to see. */
    enum Fault {
        /** The connection is refused, wherever the request names. */
        REFUSAL("502"),
        RESET("502"),
        CLOSE("502"),
        GARBAGE("502"),
        HALF_A_HEAD("502"),
        SILENCE("504"),
        CUT_LENGTH("cut"),
        CUT_CHUNKED("cut"),
        /** The reset may overtake the head. */
        RESET_IN_BODY("cut or 502"),
        GARBAGE_IN_BODY("cut"),
        SILENCE_IN_BODY("cut"),
        // From here on, of TLS's alone.
        /** A certificate that is not believed, wherever the request names. */
        DISTRUST("502"),
        /** The end of TCP without that of TLS, where nothing else delimits the body. */
        CUT_UNTIL_CLOSE("cut"),
        BROKEN_RECORD("502"),
        BROKEN_RECORD_IN_BODY("cut");

        final String seen;

        Fault(String seen) {
            this.seen = seen;
        }

        /** Those that an upstream can have, which speaks TLS or does not. */
        static List<Fault> of(boolean tls) {
            return List.of(values()).subList(0, tls ? values().length : DISTRUST.ordinal());
        }
    }

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String HALF = CHUNKED + "4\r\nhalf\r\n";

    @Override
    public void run(UpstreamConnection c) throws Exception {
        while (true) {
            RawRequest request = c.readHead();
            String[] words = request.target().substring(1).split("/");
            switch (words[0]) {
                case "echo" -> {
                    c.readBody(request);
                    c.send(Scripts.text(request.target()));
                }
                case "up" -> {
                    BodyDigest digest = c.readBodyDigest(request);
                    c.send(Scripts.text(digest.size() + " " + digest.sha256()));
                }
                case "down" -> download(c, Long.parseLong(words[1]), words[2].equals("chunked"));
                case "ws" -> {
                    converse(c, request);
                    return;
                }
                default -> {
                    fail(c, Fault.valueOf(words[1]));
                    return;
                }
            }
        }
    }

    private static void download(UpstreamConnection c, long size, boolean chunked) throws IOException {
        if (!chunked) {
            c.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n").sendPattern(size);
            return;
        }
        c.send(CHUNKED);
        if (size > 0) {
            c.send(Long.toHexString(size) + "\r\n").sendPattern(size).send("\r\n");
        }
        c.send("0\r\n\r\n");
    }

    private static void converse(UpstreamConnection c, RawRequest request) throws IOException {
        c.send(WebSocketHandshake.accept(request));
        WebSocketFrame frame;
        do {
            frame = c.readFrame();
            c.send(frame.encoded(false));
        } while (frame.opcode() != WebSocketFrame.CLOSE);
    }

    private static void fail(UpstreamConnection c, Fault fault) throws IOException {
        switch (fault) {
            case REFUSAL, DISTRUST -> throw new AssertionError("nobody connects here");
            case RESET -> c.reset();
            case CLOSE -> c.close();
            case GARBAGE -> c.send("SSH-2.0-garbage\r\n\r\n").awaitEnd();
            case HALF_A_HEAD -> c.send("HTTP/1.1 200 OK\r\nContent-Le").close();
            case SILENCE -> c.awaitEnd();
            case CUT_LENGTH ->
                c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf").close();
            case CUT_CHUNKED -> c.send(HALF).close();
            case RESET_IN_BODY -> c.send(HALF).reset();
            case GARBAGE_IN_BODY -> c.send(HALF + "zz\r\n").awaitEnd();
            case SILENCE_IN_BODY -> c.send(HALF).awaitEnd();
            case CUT_UNTIL_CLOSE -> c.send("HTTP/1.1 200 OK\r\n\r\nhalf").cut().awaitEnd();
            case BROKEN_RECORD -> c.sendInTheClear(FaultTls.BROKEN_RECORD).awaitEnd();
            case BROKEN_RECORD_IN_BODY ->
                c.send(HALF).sendInTheClear(FaultTls.BROKEN_RECORD).awaitEnd();
        }
    }
}
