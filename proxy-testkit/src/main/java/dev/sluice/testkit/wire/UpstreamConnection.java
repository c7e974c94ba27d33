package dev.sluice.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection from the proxy to a {@link ScriptedUpstream}, as its script sees it. What was received may be read on
 * any thread; all else is for the script's.
 */
public final class UpstreamConnection {

    private final @Nullable SSLSocket secured;
    private final Wire wire;
    private final Consumer<RawRequest> onRequest;

    /** @param tls null for none; its handshake is made by {@link #begin} */
    UpstreamConnection(Socket tcp, @Nullable Tls tls, Consumer<RawRequest> onRequest) throws IOException {
        this.secured = tls == null ? null : tls.server(tcp);
        this.wire = new Wire(tcp, secured == null ? tcp : secured);
        this.onRequest = onRequest;
    }

    void begin() throws IOException {
        if (secured != null) {
            secured.startHandshake();
        }
    }

    /** Sets how long a read may take, once a message has begun; 10 seconds if not set. */
    public UpstreamConnection withTimeout(Duration timeout) {
        wire.patience(timeout);
        return this;
    }

    /** The proxy's end of the connection. */
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) wire.socket().getRemoteSocketAddress();
    }

    /**
     * Reads the next request's head, waiting for its first byte as long as it takes; counts it among the upstream's
     * {@linkplain ScriptedUpstream#requests requests}.
     *
     * @throws EOFException if the proxy has closed the connection, as it may between requests
     */
    public RawRequest readHead() throws IOException {
        if (wire.endsBeforeNextByte()) {
            throw new EOFException("closed by the proxy");
        }
        var request = new RawRequest(RawHead.read(wire));
        onRequest.accept(request);
        return request;
    }

    /** Reads the body that {@code request}'s framing announces; {@code request} keeps it too. */
    public byte[] readBody(RawRequest request) throws IOException {
        var body = new ByteArrayOutputStream();
        List<String> trailers = request.rawHead().readDelimitedBody(wire, body);
        request.took(body.toByteArray(), trailers);
        return body.toByteArray();
    }

    /** Reads the body that {@code request}'s framing announces, whatever its size. */
    public BodyDigest readBodyDigest(RawRequest request) throws IOException {
        var body = new BodyDigest.Sink();
        request.rawHead().readDelimitedBody(wire, body);
        return body.digest();
    }

    /** Reads a whole request. */
    public RawRequest readRequest() throws IOException {
        RawRequest request = readHead();
        readBody(request);
        return request;
    }

    /** Reads the next frame of a client's, waiting for its first byte as long as it takes (RFC 6455). */
    public WebSocketFrame readFrame() throws IOException {
        return WebSocketFrame.read(wire, true);
    }

    /** Reads exactly {@code n} bytes. */
    public byte[] read(int n) throws IOException {
        return wire.read(n);
    }

    /** Reads up to and including {@code latin1}. */
    public String readUntil(String latin1) throws IOException {
        return new String(wire.readUntil(latin1.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    /** Reads until the proxy closes its sending half. */
    public byte[] readToEnd() throws IOException {
        var bytes = new ByteArrayOutputStream();
        wire.readToEnd(bytes);
        return bytes.toByteArray();
    }

    /**
     * Waits as long as it takes until the proxy closes or resets the connection.
     *
     * @throws AssertionError if it sends something instead
     */
    public void awaitEnd() throws IOException {
        try {
            if (!wire.endsBeforeNextByte()) {
                throw new AssertionError("expected the end of the connection, but received:\n" + received());
            }
        } catch (SocketException reset) {
            // An end as well.
        }
    }

    /** Sends {@code latin1}, each character as one byte. */
    public UpstreamConnection send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends {@code bytes}. */
    public UpstreamConnection send(byte[] bytes) throws IOException {
        wire.send(bytes);
        return this;
    }

    /** Sends {@code latin1} past TLS, where the proxy expects a record. */
    public UpstreamConnection sendInTheClear(String latin1) throws IOException {
        wire.sendInTheClear(latin1.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Sends {@code latin1} in pieces of {@code pieceSize} bytes, with a pause after each. */
    public UpstreamConnection trickle(String latin1, int pieceSize, Duration pause) throws IOException {
        wire.trickle(latin1.getBytes(StandardCharsets.ISO_8859_1), pieceSize, pause);
        return this;
    }

    /** Sends the first {@code size} bytes of {@link Pattern}. */
    public UpstreamConnection sendPattern(long size) throws IOException {
        Pattern.send(wire, size);
        return this;
    }

    /** Does nothing until {@code release} opens, 60 seconds at most. */
    public UpstreamConnection stallUntil(CountDownLatch release) throws InterruptedException {
        if (!release.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("stalled for 60 s and was not released");
        }
        return this;
    }

    /** What was agreed on, of a connection with TLS. */
    public SSLSession tlsSession() {
        return wire.tlsSession();
    }

    /** Closes the sending half of TCP (FIN) without a close_notify, as a truncation of TLS looks. */
    public UpstreamConnection cut() throws IOException {
        wire.cut();
        return this;
    }

    /** Closes the sending half (FIN; with TLS, close_notify). */
    public UpstreamConnection finishSending() throws IOException {
        wire.finishSending();
        return this;
    }

    /** Ends the connection with RST. What was sent and has not been read by the proxy may be lost with it. */
    public void reset() throws IOException {
        wire.reset();
    }

    /** Closes the connection; a script's return does so too. */
    public void close() throws IOException {
        wire.close();
    }

    /** What was received, as Latin-1: the first MiB. */
    public String received() {
        return new String(wire.record(), StandardCharsets.ISO_8859_1);
    }

    /** The number of bytes received. */
    public long bytesReceived() {
        return wire.received();
    }

    Wire wire() {
        return wire;
    }
}
