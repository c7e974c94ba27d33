package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One body of a GiB, up or down, over one connection. The cost is CPU time, in seconds. */
record Bodies(String name, boolean up) implements Scenario {

    private static final long SIZE = 1L << 30;
    private static final int STALLED_MILLIS = 20_000;

    @Override
    public String unit() {
        return "s/GiB";
    }

    @Override
    public Sample measure(Pinned proxy) throws IOException {
        once(); // a JIT compiler counts loops, of which a large body makes few
        Cpu before = proxy.cpu();
        long begin = System.nanoTime();
        once();
        double took = (System.nanoTime() - begin) / 1e9;
        return Sample.ofCpu(proxy.cpu().minus(before), 1, 1, 0, 0, 1 / took);
    }

    private void once() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(STALLED_MILLIS);
            socket.connect(new InetSocketAddress("127.0.0.1", Lab.PROXY_PORT));
            if (up) {
                send(socket);
            } else {
                receive(socket);
            }
        }
    }

    private static void send(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("POST /up HTTP/1.1\r\nHost: bench.test\r\nContent-Length: " + SIZE + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        byte[] block = new byte[256 << 10];
        for (long sent = 0; sent < SIZE; sent += block.length) {
            out.write(block);
        }
        expect200(socket.getInputStream().readNBytes(12));
    }

    private static void receive(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /1g HTTP/1.1\r\nHost: bench.test\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        expect200(in.readNBytes(12));
        byte[] block = new byte[256 << 10];
        long received = 0;
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
            received += read;
        }
        if (received < SIZE) {
            throw new IOException("body: " + received + " bytes (expected: " + SIZE + ")");
        }
    }

    private static void expect200(byte[] start) throws IOException {
        String line = new String(start, StandardCharsets.ISO_8859_1);
        if (!line.equals("HTTP/1.1 200")) {
            throw new IOException("response: " + line + " (expected: HTTP/1.1 200)");
        }
    }
}
