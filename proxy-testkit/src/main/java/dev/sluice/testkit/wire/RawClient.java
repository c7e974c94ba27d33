package dev.sluice.testkit.wire;

import dev.sluice.testkit.wire.Wire.Arrival;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends what it is told, byte for byte, and shows what comes back. For one thread at a time, except that
 * one thread may send while another reads.
 *
 * <p>Reads fail with an {@link AssertionError} that says what was waited for and shows what had been received: when the
 * deadline passes (10 seconds, see {@link #withTimeout}), and when the connection ends where more was due.
 */
public final class RawClient implements AutoCloseable {

    private final Wire wire;

    private RawClient(Wire wire) {
        this.wire = wire;
    }

    /** Connects. */
    public static RawClient connect(InetSocketAddress address) {
        return connect(address, new Socket());
    }

    /** Connects to a port of 127.0.0.1. */
    public static RawClient connect(int port) {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects with a receive buffer of {@code bytes}, so that a client which does not read is soon felt. */
    public static RawClient connectWithReceiveBuffer(InetSocketAddress address, int bytes) {
        Socket socket = new Socket();
        try {
            // Before connecting: afterwards the window has been announced already.
            socket.setReceiveBufferSize(bytes);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        return connect(address, socket);
    }

    /** Connects, and speaks TLS; a refusal of the client's certificate may show only when something is read. */
    public static RawClient connect(InetSocketAddress address, Tls tls) {
        Socket socket = new Socket();
        try {
            socket.connect(address, (int) Wire.PATIENCE.toMillis());
            return startTls(socket, tls);
        } catch (IOException e) {
            throw new UncheckedIOException("connecting to " + address, e);
        }
    }

    /** Begins TLS on a connection on which something else has been said first; this client is not to be used any more. */
    public RawClient startTls(Tls tls) {
        try {
            return startTls(wire.socket(), tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClient startTls(Socket tcp, Tls tls) throws IOException {
        SSLSocket socket = tls.client(tcp);
        tcp.setSoTimeout((int) Wire.PATIENCE.toMillis());
        try {
            socket.startHandshake();
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
        return new RawClient(new Wire(tcp, socket));
    }

    /** Speaks over a connection that stands already. */
    public static RawClient on(Socket connected) {
        try {
            return new RawClient(new Wire(connected));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawClient connect(InetSocketAddress address, Socket socket) {
        try {
            socket.connect(address, (int) Wire.PATIENCE.toMillis());
            return new RawClient(new Wire(socket));
        } catch (IOException e) {
            throw new UncheckedIOException("connecting to " + address, e);
        }
    }

    /** Sets how long each read may take; 10 seconds if not set. */
    public RawClient withTimeout(Duration timeout) {
        wire.patience(timeout);
        return this;
    }

    /** This end of the connection, as the proxy's access log or forwarding headers show it. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) wire.socket().getLocalSocketAddress();
    }

    /** Sends {@code latin1}, each character as one byte. */
    public RawClient send(String latin1) {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends {@code bytes}. */
    public RawClient send(byte[] bytes) {
        return sending(() -> wire.send(bytes));
    }

    /** Sends {@code latin1} past TLS, where the proxy expects a record. */
    public RawClient sendInTheClear(String latin1) {
        return sending(() -> wire.sendInTheClear(latin1.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Sends {@code latin1} in pieces of {@code pieceSize} bytes, with a pause after each. */
    public RawClient trickle(String latin1, int pieceSize, Duration pause) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        return sending(() -> wire.trickle(bytes, pieceSize, pause));
    }

    /** Sends the first {@code size} bytes of {@link Pattern}. */
    public RawClient sendPattern(long size) {
        return sending(() -> Pattern.send(wire, size));
    }

    /** What was agreed on, of a connection with TLS. */
    public SSLSession tlsSession() {
        return wire.tlsSession();
    }

    /** Closes the sending half (FIN; with TLS, close_notify). */
    public RawClient finishSending() {
        return sending(wire::finishSending);
    }

    /** Closes the sending half of TCP (FIN) without a close_notify, as a truncation of TLS looks. */
    public RawClient cut() {
        return sending(wire::cut);
    }

    /** Ends the connection with RST. */
    public void reset() {
        sending(wire::reset);
    }

    /** Reads exactly {@code n} bytes. */
    public byte[] read(int n) {
        return reading(n + " bytes", () -> wire.read(n));
    }

    /** Reads up to and including {@code latin1}. */
    public String readUntil(String latin1) {
        byte[] marker = latin1.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = reading("\"" + Printable.of(latin1) + "\"", () -> wire.readUntil(marker));
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads until the proxy closes (FIN); a reset is a failure. */
    public byte[] readToEnd() {
        return reading("the end of the connection", () -> {
            var bytes = new ByteArrayOutputStream();
            wire.readToEnd(bytes);
            return bytes.toByteArray();
        });
    }

    /**
     * Reads one response, its body to the end of its framing: {@code Transfer-Encoding}, {@code Content-Length}, the end
     * of the connection; none for 1xx, 204 and 304. Interim responses (1xx) are read one by one, with a call for each.
     * For a response to {@code HEAD}, use {@link #readReplyHead}.
     */
    public RawReply readReply() {
        return reading("a response", () -> {
            RawReply reply = new RawReply(RawHead.read(wire));
            var body = new ByteArrayOutputStream();
            List<String> trailers = readBody(reply, body);
            return new RawReply(reply.rawHead(), body.toByteArray(), trailers, endsByClose(reply));
        });
    }

    /** Reads the head of one response and leaves its body to be read. */
    public RawReply readReplyHead() {
        return reading("a response's head", () -> new RawReply(RawHead.read(wire)));
    }

    /** Reads the body behind {@code head}, which may be of any size. */
    public BodyDigest readBodyDigest(RawReply head) {
        return reading("a response's body", () -> {
            var body = new BodyDigest.Sink();
            readBody(head, body);
            return body.digest();
        });
    }

    /**
     * Reads a response whose connection ends (by FIN or RST) before its framing says so, and returns it with what had
     * arrived of its body. A response that is delimited by the end of the connection counts only if that end is a reset,
     * or one of TLS without close_notify.
     */
    public RawReply readTruncatedReply() {
        return reading("a truncated response", () -> {
            RawReply reply = new RawReply(RawHead.read(wire));
            var body = new ByteArrayOutputStream();
            try {
                readBody(reply, body);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (EOFException | SocketException | SSLException e) {
                return new RawReply(reply.rawHead(), body.toByteArray(), List.of(), true);
            }
            throw failure("a truncated response", "it was whole", null);
        });
    }

    /** Expects that the proxy closes (FIN; with TLS, close_notify), with nothing more to read. */
    public void expectClosed() {
        expect(wire.patience(), "the end of the connection", Arrival.CLOSED);
    }

    /** Expects a reset (RST), with nothing more to read. */
    public void expectReset() {
        expect(wire.patience(), "a reset", Arrival.RESET);
    }

    /** Expects that TLS ends without a close_notify, or with an alert, with nothing more to read. */
    public void expectCut() {
        expect(wire.patience(), "an end without close_notify, or an alert", Arrival.CUT);
    }

    /** Expects that the connection ends, however, with nothing more to read. */
    public void expectEnded() {
        expect(wire.patience(), "the end of the connection", Arrival.CLOSED, Arrival.RESET, Arrival.CUT);
    }

    /** Expects that nothing arrives, and that the connection stays open, for {@code wait}. */
    public void expectSilence(Duration wait) {
        expect(wait, "silence", Arrival.NOTHING);
    }

    private void expect(Duration wait, String expected, Arrival... allowed) {
        Arrival arrival = reading(expected, () -> wire.next(wait));
        if (!List.of(allowed).contains(arrival)) {
            throw failure(expected, "there was " + arrival.name().toLowerCase(Locale.ROOT), null);
        }
    }

    /** The number of bytes received so far. */
    public long bytesReceived() {
        return wire.received();
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Wire wire() {
        return wire;
    }

    <T> T reading(String expected, Reading<T> reading) {
        try {
            return reading.run();
        } catch (SocketTimeoutException e) {
            throw failure(
                    expected, "nothing more came within " + wire.patience().toMillis() + " ms", e);
        } catch (EOFException e) {
            throw failure(expected, "the connection was closed", e);
        } catch (IOException e) {
            throw failure(expected, "" + e.getMessage(), e);
        }
    }

    private AssertionError failure(String expected, String found, @Nullable Throwable cause) {
        return new AssertionError(
                "expected " + expected + ", but " + found + "; received in all " + wire.received() + " bytes:\n"
                        + Printable.of(wire.record()),
                cause);
    }

    private RawClient sending(Sending sending) {
        try {
            sending.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads and checks. */
    interface Reading<T> {
        T run() throws IOException;
    }

    private interface Sending {
        void run() throws IOException;
    }

    /** RFC 9112 §6.3. */
    private List<String> readBody(RawReply reply, OutputStream sink) throws IOException {
        if (endsByClose(reply)) {
            wire.readToEnd(sink);
        } else if (mayHaveBody(reply)) {
            return reply.rawHead().readDelimitedBody(wire, sink);
        }
        return List.of();
    }

    private static boolean endsByClose(RawReply reply) {
        return mayHaveBody(reply) && !reply.rawHead().delimited();
    }

    private static boolean mayHaveBody(RawReply reply) {
        return reply.status() >= 200 && reply.status() != 204 && reply.status() != 304;
    }
}
