package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Open WebSockets through the proxy. */
final class WebSocketClients implements AutoCloseable {

    private static final byte[] HANDSHAKE = ("GET /ws HTTP/1.1\r\nHost: bench.test\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);

    /** One masked binary frame of 64 bytes. */
    private static final byte[] FRAME = new byte[70];

    static {
        FRAME[0] = (byte) 0x82;
        FRAME[1] = (byte) (0x80 | 64);
    }

    private final List<SocketChannel> open = new ArrayList<>();

    WebSocketClients(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", Lab.PROXY_PORT));
            open.add(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.write(ByteBuffer.wrap(HANDSHAKE));
            expect101(channel);
        }
    }

    private static void expect101(SocketChannel channel) throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer in = ByteBuffer.allocate(512);
        while (head.indexOf("\r\n\r\n") < 0) {
            if (channel.read(in.clear()) < 0) {
                throw new IOException("handshake: the proxy closed the connection");
            }
            head.append(StandardCharsets.ISO_8859_1.decode(in.flip()));
        }
        if (head.indexOf(" 101 ") < 0) {
            throw new IOException("handshake: " + head.substring(0, head.indexOf("\r")) + " (expected: 101)");
        }
    }

    /** Sends a frame on each and waits until it has come back: all of them are still there. */
    void echoOnce() throws IOException {
        for (SocketChannel channel : open) {
            channel.write(ByteBuffer.wrap(FRAME));
        }
        for (SocketChannel channel : open) {
            ByteBuffer in = ByteBuffer.allocate(FRAME.length);
            while (in.hasRemaining()) {
                if (channel.read(in) < 0) {
                    throw new IOException("echo: the proxy closed an idle WebSocket");
                }
            }
        }
    }

    /** Sends a frame on each, and again when it has come back, for some time; answers how many came back. */
    long echo(int seconds) throws IOException {
        long echoed = 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        try (Selector selector = Selector.open()) {
            for (SocketChannel channel : open) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(FRAME.length));
                channel.write(ByteBuffer.wrap(FRAME));
            }
            while (System.nanoTime() < end) {
                selector.select(1000);
                for (SelectionKey key : selector.selectedKeys()) {
                    echoed += answer((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        }
        return echoed;
    }

    private static int answer(SocketChannel channel, ByteBuffer in) throws IOException {
        if (channel.read(in) < 0) {
            throw new IOException("echo: the proxy closed the connection");
        }
        if (in.hasRemaining()) {
            return 0;
        }
        in.clear();
        channel.write(ByteBuffer.wrap(FRAME));
        return 1;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
