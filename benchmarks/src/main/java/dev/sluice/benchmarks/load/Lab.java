package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The servers behind the proxies, and the directory with everybody's files. All on the core that is not measured. */
final class Lab implements AutoCloseable {

    /** The core of the proxy that is measured. */
    static final int PROXY_CORE = 0;

    /** The core of everything else. */
    static final int LOAD_CORE = 1;

    static final String OK = "HTTP/1.1 200";

    static final int HTTP_PORT = 19101;
    static final int TUNNEL_PORT = 19102;
    static final int PROXY_PORT = 19200;

    /** What clients ask for. */
    static final String HOST = "bench.test";

    private final Path directory;
    private final Pinned http;
    private final TunnelServer tunnels;
    private final Session session;

    Lab() throws IOException {
        directory = Files.createTempDirectory("sluice-load");
        Runtime.getRuntime().addShutdownHook(new Thread(this::delete));
        Path files = Files.createDirectory(directory.resolve("files"));
        zeros(files.resolve("10k"), 10 << 10);
        zeros(files.resolve("100k"), 100 << 10);
        zeros(files.resolve("1g"), 1 << 30);
        http = Pinned.start(LOAD_CORE, nginx("upstream", upstream(files)), directory.resolve("upstream.log"));
        http.awaitAnswer(HTTP_PORT, "GET /small HTTP/1.0\r\n\r\n", OK);
        run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + HOST,
                "-addext",
                "subjectAltName=DNS:" + HOST,
                "-keyout",
                key().toString(),
                "-out",
                certificate().toString()));
        tunnels = new TunnelServer(TUNNEL_PORT);
        session = new Session(this);
    }

    /** In PEM, as its key is. */
    Path certificate() {
        return directory.resolve("certificate.pem");
    }

    Path key() {
        return directory.resolve("key.pem");
    }

    /** The cookie of a user with a session in Redis. */
    String sessionCookie() {
        return session.cookie();
    }

    /** What a proxy has to answer with {@link #OK} before it is measured. */
    String firstRequest() {
        return "GET /small HTTP/1.1\r\nHost: " + HOST + "\r\nCookie: " + sessionCookie() + "\r\n\r\n";
    }

    /** Runs {@code command} to its end. */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            throw new IOException(command.get(0) + ": interrupted", e);
        }
    }

    Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content, StandardCharsets.UTF_8);
    }

    Path log(String name) {
        return directory.resolve(name + ".log");
    }

    /** The command of an nginx with these servers: one process, in the foreground. */
    List<String> nginx(String name, String servers) throws IOException {
        Path config = write(name + ".conf", """
                daemon off;
                master_process off;
                pid %1$s/%2$s.pid;
                error_log %1$s/%2$s.error.log crit;
                events { worker_connections 19900; }
                http {
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  tcp_nodelay on;
                  keepalive_requests 1000000000;
                  client_body_temp_path %1$s/%2$s-body;
                  proxy_temp_path %1$s/%2$s-proxy;
                  fastcgi_temp_path %1$s/%2$s-fastcgi;
                  uwsgi_temp_path %1$s/%2$s-uwsgi;
                  scgi_temp_path %1$s/%2$s-scgi;
                %3$s
                }
                """.formatted(directory, name, servers));
        return List.of("nginx", "-p", directory.toString(), "-c", config.toString());
    }

    private static String upstream(Path files) {
        return """
                server {
                  listen 127.0.0.1:%d backlog=4096;
                  root %s;
                  location /small { return 200 "Hello, world!"; }
                  location /session {
                    add_header Set-Cookie "_xsrf=2|a81b2c3d|e4f5a6b7c8d9e0f1|1763900000; Path=/";
                    add_header Set-Cookie "username-8888=2|1:0|10:1763900000; Path=/; HttpOnly";
                    add_header Set-Cookie "csrftoken=Kx2vN8mQ4rT6yU1wE3oP5aS7dF9gH0jL; Path=/; SameSite=Lax";
                    add_header Set-Cookie "theme=dark; Path=/; Secure";
                    return 200 "Hello, world!";
                  }
                }
                """.formatted(HTTP_PORT, files);
    }

    /** A file that takes no room on the disk. */
    private static void zeros(Path file, int size) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(size);
        }
    }

    private void delete() {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println(directory + ": not deleted: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        session.close();
        tunnels.close();
        http.close();
    }
}
