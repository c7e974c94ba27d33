package dev.sluice.django;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a replica for pages as a browser does: with a Host of the test's choice, and again while a page says so. */
final class Browser {

    static {
        // Read once, when the client's classes are loaded.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private static HttpRequest.Builder request(Replica replica, String host, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + replica.port() + path))
                .header("Host", host)
                .timeout(Duration.ofSeconds(20));
    }

    CompletableFuture<HttpResponse<String>> navigate(Replica replica, String user, String host) {
        return client.sendAsync(
                request(replica, host, "/")
                        .header("Accept", "text/html")
                        .header("x-test-user", user)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> navigate(Replica replica, String host) {
        return joined(navigate(replica, "ann", host));
    }

    HttpResponse<String> fetch(Replica replica, String host) {
        return joined(client.sendAsync(request(replica, host, "/asset").build(), HttpResponse.BodyHandlers.ofString()));
    }

    HttpResponse<String> post(Replica replica, String host, String body) {
        return joined(client.sendAsync(
                request(replica, host, "/save")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString()));
    }

    /** The first response that is not the spawning page, after a navigation and the page's polls. */
    CompletableFuture<HttpResponse<String>> settle(Replica replica, String user, String host) {
        return navigate(replica, user, host).thenCompose(response -> polled(replica, user, host, response));
    }

    private CompletableFuture<HttpResponse<String>> polled(
            Replica replica, String user, String host, HttpResponse<String> response) {
        if (response.statusCode() != 202) {
            return CompletableFuture.completedFuture(response);
        }
        HttpRequest poll = request(replica, host, "/")
                .header("x-test-user", user)
                .header("X-Data-Workspace-No-Modify-Application-Instance", "1")
                .build();
        return CompletableFuture.supplyAsync(() -> poll, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
                .thenCompose(again -> client.sendAsync(again, HttpResponse.BodyHandlers.ofString()))
                .thenCompose(next -> polled(replica, user, host, next));
    }

    static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer in 30 s", e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
