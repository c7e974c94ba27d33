package dev.sluice.examples.quickstart;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Identity;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxyRuntime;
import dev.sluice.engine.ProxyServer;
import dev.sluice.engine.ProxySettings;
import java.io.IOException;

/** The code that the README shows. */
final class ReadmeExample {

    private ReadmeExample() {}

    static void run() throws IOException {
        try (ProxyRuntime runtime = ProxyRuntime.start(ProxySettings.defaults());
                ProxyServer proxy = ProxyServer.builder(runtime)
                        .authenticator(request -> completedFuture(AuthDecision.proceed(Identity.ANONYMOUS)))
                        .resolver(
                                request -> completedFuture(RouteDecision.forward(Upstream.of("http://127.0.0.1:9000"))))
                        .start()) {
            System.out.println("listening on " + proxy.address());
        }
    }
}
