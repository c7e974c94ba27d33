package dev.sluice.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.launch.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart as its reader meets it: the launcher in a process of its own, the shipped configuration, real clients. */
class QuickstartTest {

    private static final long LARGE = 300_000_000;

    @TempDir
    private static Path directory;

    private static DemoApplication application;
    private static Process proxy;
    private static URI root;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() throws IOException {
        application = DemoApplication.start(0);
        String shipped = Files.readString(Path.of("proxy.conf"));
        Path config = directory.resolve("proxy.conf");
        Files.writeString(
                config,
                shipped.replace("port = 8000", "port = 0")
                        .replace("127.0.0.1:9000", "127.0.0.1:" + application.port()));
        proxy = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--config",
                        config.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String listening = new BufferedReader(new InputStreamReader(proxy.getInputStream(), UTF_8)).readLine();
        root = URI.create("http://" + listening.substring(listening.lastIndexOf(' ') + 1));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        proxy.destroy();
        assertThat(proxy.waitFor(20, TimeUnit.SECONDS)).as("ends on SIGTERM").isTrue();
        application.close();
    }

    @Test
    void stranger_isToldToLogIn() throws Exception {
        assertThat(get("/whoami").statusCode()).isEqualTo(401);
        HttpResponse<String> navigation = HTTP.send(
                HttpRequest.newBuilder(root.resolve("/"))
                        .header("Sec-Fetch-Mode", "navigate")
                        .build(),
                BodyHandlers.ofString());
        assertThat(navigation.statusCode()).isEqualTo(302);
        assertThat(navigation.headers().firstValue("location")).contains("/login");
        assertThat(get("/login").body()).contains("<form");
    }

    @Test
    void user_isKnownToTheApplication_whichNeverSeesTheCookie() throws Exception {
        assertThat(get("/whoami", "Cookie", login("alice")).body()).isEqualTo("alice\n");
        assertThat(get("/", "Cookie", login("bob")).body()).contains("Hello, bob");
        assertThat(get("/whoami", "X-Demo-User", "root").statusCode()).isEqualTo(401);
        assertThat(get("/whoami", "Cookie", login("alice"), "X_Demo_User", "root")
                        .body())
                .isEqualTo("alice\n");
    }

    @Test
    void largeBodies_passThroughASmallHeap() throws Exception {
        HttpRequest download = HttpRequest.newBuilder(root.resolve("/download?bytes=" + LARGE))
                .header("Cookie", login("alice"))
                .build();
        try (InputStream body =
                HTTP.send(download, BodyHandlers.ofInputStream()).body()) {
            long got = 0;
            byte[] block = new byte[1 << 16];
            for (int n = body.read(block); n >= 0; n = body.read(block)) {
                got += n;
            }
            assertThat(got).isEqualTo(LARGE);
        }
        HttpRequest upload = HttpRequest.newBuilder(root.resolve("/upload"))
                .header("Cookie", login("alice"))
                .POST(BodyPublishers.ofByteArrays(() -> new Blocks(LARGE)))
                .build();
        assertThat(HTTP.send(upload, BodyHandlers.ofString()).body()).isEqualTo(LARGE + " bytes\n");
    }

    @Test
    void events_arriveOneByOne() throws Exception {
        HttpRequest events = HttpRequest.newBuilder(root.resolve("/events"))
                .header("Cookie", login("alice"))
                .build();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                HTTP.send(events, BodyHandlers.ofInputStream()).body(), UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("data: 1");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("data: 2");
        }
    }

    @Test
    void webSocket_echoes() throws Exception {
        CompletableFuture<String> echo = new CompletableFuture<>();
        WebSocket socket = HTTP.newWebSocketBuilder()
                .header("Cookie", login("alice"))
                .buildAsync(URI.create("ws://" + root.getAuthority() + "/ws"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        echo.complete(text.toString());
                        return WebSocket.Listener.super.onText(from, text, last);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        socket.sendText("hello", true);
        assertThat(echo.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
    }

    private static String login(String name) throws Exception {
        HttpResponse<String> answer = get("/login?name=" + name);
        String setCookie = answer.headers().firstValue("set-cookie").orElseThrow();
        return setCookie.substring(0, setCookie.indexOf(';'));
    }

    private static HttpResponse<String> get(String target, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(target));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** {@code size} bytes in blocks. */
    private static final class Blocks implements Iterator<byte[]> {
        private static final byte[] BLOCK = new byte[100_000];
        private long left;

        Blocks(long size) {
            left = size;
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public byte[] next() {
            left -= BLOCK.length;
            return BLOCK;
        }
    }
}
