package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a given rate, whether those before have been answered or not. A request's time begins when it was due, so
 * that one which had to wait for a connection is not taken for a fast one.
 */
final class PacedClients implements AutoCloseable {

    private static final int NAP_NANOS = 20_000;
    private static final int STALLED_SECONDS = 10;

    private final Selector selector = Selector.open();
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer request;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);
    private int responseBytes;

    private static final class Connection {
        private final SocketChannel channel;
        private long dueAt;
        private int received;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /** Opens the connections; {@code request} is always answered alike. */
    PacedClients(int connections, byte[] request) throws IOException {
        this.request = ByteBuffer.allocateDirect(request.length).put(request).flip();
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", Lab.PROXY_PORT));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (i == 0) {
                responseBytes = lengthOfResponse(channel);
            }
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            idle.add(connection);
        }
    }

    /** By its own word: a head and the bytes that it announces. */
    private int lengthOfResponse(SocketChannel channel) throws IOException {
        channel.write(request.duplicate());
        ByteBuffer response = ByteBuffer.allocate(64 << 10);
        int end = 0;
        while (end == 0 || response.position() < end) {
            if (channel.read(response) < 0) {
                throw new IOException("response: the proxy closed the connection");
            }
            String text =
                    new String(response.array(), 0, response.position(), java.nio.charset.StandardCharsets.ISO_8859_1);
            int head = text.indexOf("\r\n\r\n");
            if (head > 0) {
                end = head + 4 + Integer.parseInt(text.replaceAll("(?is).*content-length: *(\\d+).*", "$1"));
            }
        }
        return end;
    }

    /** Sends {@code rate} requests a second for some time; answers their times in nanoseconds, in ascending order. */
    long[] run(double rate, int seconds) throws IOException {
        long[] times = new long[(int) (rate * seconds)];
        long begin = System.nanoTime();
        int sent = 0;
        int answered = 0;
        while (answered < times.length) {
            long now = System.nanoTime();
            if (now - begin > (seconds + STALLED_SECONDS) * 1_000_000_000L) {
                throw new IOException("%d of %d requests answered".formatted(answered, times.length));
            }
            while (sent < times.length && !idle.isEmpty() && begin + (long) (sent * 1e9 / rate) <= now) {
                send(idle.poll(), begin + (long) (sent++ * 1e9 / rate));
            }
            if (selector.selectNow() == 0) {
                LockSupport.parkNanos(NAP_NANOS);
                continue;
            }
            for (SelectionKey key : selector.selectedKeys()) {
                Connection connection = (Connection) key.attachment();
                if (receive(connection)) {
                    times[answered++] = System.nanoTime() - connection.dueAt;
                    idle.add(connection);
                }
            }
            selector.selectedKeys().clear();
        }
        Arrays.sort(times);
        return times;
    }

    private void send(Connection connection, long dueAt) throws IOException {
        connection.dueAt = dueAt;
        connection.received = 0;
        connection.channel.write(request.duplicate());
    }

    /** Whether the response is whole. */
    private boolean receive(Connection connection) throws IOException {
        int read = connection.channel.read(in.clear());
        connection.received += read;
        if (read < 0 || connection.received > responseBytes) {
            throw new IOException("response: " + connection.received + " bytes (expected: " + responseBytes + ")");
        }
        return connection.received == responseBytes;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
