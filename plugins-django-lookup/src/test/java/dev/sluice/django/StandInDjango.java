package dev.sluice.django;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Stands in for Django where a test needs to decide when things happen; can be killed and started again. */
final class StandInDjango implements AutoCloseable {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stand-in-django");
        thread.setDaemon(true);
        return thread;
    });

    private final Map<String, String> applications = new ConcurrentHashMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private volatile Consumer<String> onStart = name -> {};
    private final int port;
    private HttpServer server;

    StandInDjango() throws IOException {
        server = listen(0);
        port = server.getAddress().getPort();
    }

    int port() {
        return port;
    }

    /** What {@code GET} says of {@code name} from now on; {@code PUT} finds it taken. */
    void put(String name, String json) {
        applications.put(name, json);
    }

    void onStart(Consumer<String> onStart) {
        this.onStart = onStart;
    }

    /** What was asked and answered, such as {@code PUT lab 409}; pages as {@code GET /error_500 500}. */
    List<String> log() {
        return log;
    }

    void kill() {
        server.stop(0);
    }

    void restart() throws IOException {
        server = listen(port);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private HttpServer listen(int at) throws IOException {
        HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 512);
        made.setExecutor(THREADS);
        made.createContext("/api/v1/application/", this::api);
        made.createContext("/tools/", exchange -> page(exchange, 202));
        made.createContext(
                "/error_",
                exchange -> page(
                        exchange,
                        Integer.parseInt(exchange.getRequestURI().getPath().substring(7, 10))));
        made.start();
        return made;
    }

    private void api(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        String method = exchange.getRequestMethod();
        exchange.getRequestBody().readAllBytes();
        int status = switch (method) {
            case "GET" -> applications.containsKey(name) ? 200 : 404;
            case "PUT" -> started(name) ? 200 : 409;
            case "DELETE" -> applications.remove(name) == null ? 404 : 200;
            default -> marked(name) ? 200 : 404;
        };
        answer(exchange, method + " " + name, status, applications.getOrDefault(name, "{}"));
    }

    private boolean started(String name) {
        boolean first = applications.putIfAbsent(name, Lookups.app("SPAWNING", "")) == null;
        if (first) {
            onStart.accept(name);
        }
        return first;
    }

    private boolean marked(String name) {
        return applications.computeIfPresent(name, (n, json) -> json.replace("SPAWNING", "RUNNING")) != null;
    }

    private void page(HttpExchange exchange, int status) throws IOException {
        String path = exchange.getRequestURI().getPath();
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        answer(exchange, exchange.getRequestMethod() + " " + path, status, "<p>page of Django: " + path + "</p>");
    }

    private void answer(HttpExchange exchange, String what, int status, String body) throws IOException {
        log.add(what + " " + status);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
