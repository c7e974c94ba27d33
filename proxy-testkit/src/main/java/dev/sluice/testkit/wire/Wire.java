package dev.sluice.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One end of a TCP connection, with or without TLS: blocking reads with a deadline, and a record of what arrived. Reading is for one thread;
 * the record may be looked at from any.
 */
final class Wire {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What a reader meets. */
    enum Arrival {
        BYTES,
        CLOSED,
        RESET,
        /** TLS: ended without close_notify, or by an alert. */
        CUT,
        NOTHING
    }

    /** Enough for every transcript that a test compares, and little enough for gigabytes to pass. */
    private static final int RECORDED = 1 << 20;

    private static final int LONGEST_LINE_OR_HEAD = 1 << 20;

    private final Socket tcp;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[16 * 1024];
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private volatile long received;
    private volatile Duration patience = PATIENCE;
    private long deadline;

    Wire(Socket socket) throws IOException {
        this(socket, socket);
    }

    /** @param socket speaks TLS over {@code tcp}, or is the same */
    Wire(Socket tcp, Socket socket) throws IOException {
        this.tcp = tcp;
        this.socket = socket;
        tcp.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    Socket socket() {
        return socket;
    }

    void patience(Duration patience) {
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    /** The number of bytes that have been read from the socket. */
    long received() {
        return received;
    }

    /** The first bytes that were read from the socket, up to 1 MiB. */
    byte[] record() {
        synchronized (record) {
            return record.toByteArray();
        }
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Past TLS, if there is any. */
    void sendInTheClear(byte[] bytes) throws IOException {
        tcp.getOutputStream().write(bytes);
    }

    /** The pause is what the other side is tested with; nothing is waited for. */
    void trickle(byte[] bytes, int pieceSize, Duration pause) throws IOException {
        for (int from = 0; from < bytes.length; from += pieceSize) {
            out.write(bytes, from, Math.min(pieceSize, bytes.length - from));
            out.flush();
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    /** FIN, or TLS's close_notify. */
    void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** FIN, whatever TLS was about to say. */
    void cut() throws IOException {
        tcp.shutdownOutput();
    }

    /** Closes with RST: an SO_LINGER of zero discards what is unsent and skips the FIN. */
    void reset() throws IOException {
        tcp.setSoLinger(true, 0);
        tcp.close();
    }

    void close() throws IOException {
        socket.close();
        tcp.close();
    }

    /** Closes without a word of TLS, which would wait for a thread that is sending. */
    void abandon() throws IOException {
        tcp.close();
    }

    /** What was agreed on. */
    SSLSession tlsSession() {
        return ((SSLSocket) socket).getSession();
    }

    /** Waits as long as it takes; true if the peer has closed, false if there is a byte to read. */
    boolean endsBeforeNextByte() throws IOException {
        if (position < limit) {
            return false;
        }
        socket.setSoTimeout(0);
        return !took(in.read(buffer));
    }

    /** What happens next, within {@code wait}. */
    Arrival next(Duration wait) throws IOException {
        deadline = System.nanoTime() + wait.toNanos();
        try {
            return position < limit || fill() ? Arrival.BYTES : Arrival.CLOSED;
        } catch (SocketTimeoutException e) {
            return Arrival.NOTHING;
        } catch (SocketException e) {
            return Arrival.RESET;
        } catch (SSLException e) {
            return Arrival.CUT;
        }
    }

    byte[] read(int n) throws IOException {
        startDeadline();
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = next();
        }
        return bytes;
    }

    byte[] readUntil(byte[] marker) throws IOException {
        startDeadline();
        var bytes = new Collected();
        do {
            bytes.write(next());
        } while (!bytes.endsWith(marker));
        return bytes.toByteArray();
    }

    /** A line without its CRLF. */
    String readLine() throws IOException {
        byte[] line = readUntil(new byte[] {'\r', '\n'});
        return new String(line, 0, line.length - 2, StandardCharsets.ISO_8859_1);
    }

    /** Passes {@code n} bytes on; the deadline is for each read, so that a long body may take its time. */
    void readTo(OutputStream sink, long n) throws IOException {
        long left = n;
        while (left > 0) {
            startDeadline();
            if (position == limit && !fill()) {
                throw new EOFException("closed by the peer");
            }
            int take = (int) Math.min(left, limit - position);
            sink.write(buffer, position, take);
            position += take;
            left -= take;
        }
    }

    /** Passes everything on until the peer closes. */
    void readToEnd(OutputStream sink) throws IOException {
        do {
            sink.write(buffer, position, limit - position);
            position = limit;
            startDeadline();
        } while (fill());
    }

    private void startDeadline() {
        deadline = System.nanoTime() + patience.toNanos();
    }

    private byte next() throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException("closed by the peer");
        }
        return buffer[position++];
    }

    private boolean fill() throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
        return took(in.read(buffer));
    }

    private boolean took(int n) {
        position = 0;
        limit = Math.max(n, 0);
        if (n < 0) {
            return false;
        }
        synchronized (record) {
            record.write(buffer, 0, Math.min(n, RECORDED - record.size()));
        }
        received += n;
        return true;
    }

    /** Bytes on their way to a marker, bounded. */
    private static final class Collected extends ByteArrayOutputStream {
        boolean endsWith(byte[] marker) throws IOException {
            if (count > LONGEST_LINE_OR_HEAD) {
                throw new IOException("no end of line or head within 1 MiB");
            }
            int start = count - marker.length;
            for (int i = 0; i < marker.length; i++) {
                if (start < 0 || buf[start + i] != marker[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}
