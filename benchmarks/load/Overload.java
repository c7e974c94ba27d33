import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives a proxy twice the rate that its upstream can sustain: java benchmarks/load/Overload.java CLASS-PATH [SECONDS]
 *
 * <p>The upstream takes 20 ms for each request, and the proxy gives it 20 at once, with 100 waiting. The rate that this
 * sustains is measured first, with as many clients as there are places. Then requests are due at fixed times at twice that
 * rate, whatever becomes of those before; a request's time is counted from when it was due.
 */
public final class Overload {

    private static final int PLACES = 20;
    private static final int QUEUED = 100;
    private static final int CLIENTS = 300;
    private static final byte[] GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final List<Long> served = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> refused = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong failed = new AtomicLong();

    private Overload(int port) {
        this.port = port;
    }

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        HttpServer upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        upstream.setExecutor(Executors.newFixedThreadPool(2 * PLACES));
        upstream.createContext("/", exchange -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
        upstream.start();
        Path config = Files.writeString(Files.createTempFile("overload", ".conf"), """
                listen { port = 0 }
                limits { exchanges-per-upstream = %d, queued-per-upstream = %d }
                authenticators = [ { plugin = anonymous } ]
                resolvers = [ { plugin = static, routes = [ { upstream = "http://127.0.0.1:%d" } ] } ]
                """.formatted(PLACES, QUEUED, upstream.getAddress().getPort()));
        Process proxy = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-cp", args[0],
                        "dev.sluice.engine.launch.Main", "--config", config.toString())
                .redirectErrorStream(true)
                .start();
        try {
            int port = awaitPort(proxy);
            new Overload(port).run(PLACES, 0, 5);
            Overload sustained = new Overload(port);
            sustained.run(PLACES, 0, 5);
            int rate = 2 * sustained.served.size() / 5;
            long before = kibibytes(proxy.pid());
            Overload twice = new Overload(port);
            twice.run(CLIENTS, rate, seconds);
            System.out.printf("sustained: %s%n", sustained.report(5));
            System.out.printf("twice that, %d/s for %d s: %s%n", rate, seconds, twice.report(seconds));
            System.out.printf("resident: %d KiB before, %d KiB after%n", before, kibibytes(proxy.pid()));
            Overload after = new Overload(port);
            after.run(PLACES, 0, 5);
            System.out.printf("afterwards: %s%n", after.report(5));
        } finally {
            proxy.destroyForcibly().waitFor();
            Files.delete(config);
            System.exit(0);
        }
    }

    /** With {@code rate} 0 every client sends its next request when the last is answered. */
    private void run(int clients, int rate, int seconds) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(() -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setTcpNoDelay(true);
                    InputStream in = new BufferedInputStream(socket.getInputStream());
                    while (true) {
                        long due = rate == 0 ? System.nanoTime() : start + next.getAndIncrement() * 1_000_000_000L / rate;
                        if (due >= end) {
                            return;
                        }
                        LockSupport.parkNanos(due - System.nanoTime());
                        socket.getOutputStream().write(GET);
                        int status = read(in);
                        (status == 200 ? served : refused).add(System.nanoTime() - due);
                        if (status != 200 && status != 503) {
                            failed.incrementAndGet();
                        }
                    }
                } catch (IOException e) {
                    failed.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** The status, with the whole response read. */
    private static int read(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ")[1]);
        int length = 0;
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(field.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return status;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("closed");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private String report(int seconds) {
        return "served %d/s (%s), 503 %d/s (%s), anything else %d"
                .formatted(served.size() / seconds, times(served), refused.size() / seconds, times(refused), failed.get());
    }

    private static String times(List<Long> nanos) {
        if (nanos.isEmpty()) {
            return "none";
        }
        Collections.sort(nanos);
        return "p50 %d ms, p99 %d ms, longest %d ms"
                .formatted(at(nanos, 0.5), at(nanos, 0.99), at(nanos, 1));
    }

    private static long at(List<Long> sorted, double share) {
        return TimeUnit.NANOSECONDS.toMillis(sorted.get((int) (share * (sorted.size() - 1))));
    }

    private static int awaitPort(Process proxy) throws IOException {
        InputStream out = proxy.getInputStream();
        for (String line = line(out); ; line = line(out)) {
            var port = java.util.regex.Pattern.compile("listening on .*:(\\d+)").matcher(line);
            if (port.find()) {
                Thread drain = new Thread(() -> {
                    try {
                        out.transferTo(java.io.OutputStream.nullOutputStream());
                    } catch (IOException ended) {
                        // with the proxy
                    }
                });
                drain.setDaemon(true);
                drain.start();
                return Integer.parseInt(port.group(1));
            }
        }
    }

    private static long kibibytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
