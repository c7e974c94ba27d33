package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.ForwardListener;
import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.Identity;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * Invariant 9: one event loop per exchange. Whatever thread a plugin answers on, everything that the engine calls for one
 * exchange is called on one loop, before the upstream's connection stands and after it.
 */
class EventLoopTest {

    @Test
    void everyCallForOneExchange_isMadeOnOneLoop() {
        var threads = new ConcurrentHashMap<String, Set<String>>();
        var merger = new RecordingMerger(threads);
        try (var upstream = ScriptedUpstream.respondWith(Scripts.text("ok"));
                var proxy = TestProxy.with(
                        s -> s,
                        builder -> builder.authenticator(request -> {
                                    note(threads, request);
                                    return CompletableFuture.supplyAsync(AuthDecision::abstain);
                                })
                                .authenticator(request -> {
                                    note(threads, request);
                                    return CompletableFuture.supplyAsync(
                                            () -> AuthDecision.proceed(Identity.of("ada")));
                                })
                                .resolver(request -> {
                                    note(threads, request);
                                    return CompletableFuture.supplyAsync(RouteDecision::notFound);
                                })
                                .resolver(request -> {
                                    note(threads, request);
                                    return CompletableFuture.supplyAsync(
                                            () -> RouteDecision.forward(upstream.upstream())
                                                    .withListener(listener(threads, request)));
                                })
                                .cookieMerger(merger))) {
            var clients = new CopyOnWriteArrayList<RawClient>();
            for (int i = 0; i < 6; i++) {
                clients.add(proxy.connect());
            }
            for (int round = 0; round < 2; round++) {
                for (RawClient client : clients) {
                    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                }
                for (RawClient client : clients) {
                    assertThat(client.readReply().text()).isEqualTo("ok");
                    proxy.awaitEnded();
                }
            }
            assertThat(threads).hasSize(12);
            assertThat(threads.values())
                    .allSatisfy(names ->
                            assertThat(names).singleElement().asString().startsWith("sluice-loop"));
            clients.forEach(RawClient::close);
        }
    }

    private static void note(ConcurrentHashMap<String, Set<String>> threads, ProxyRequest request) {
        threads.computeIfAbsent(request.id(), id -> ConcurrentHashMap.newKeySet())
                .add(Thread.currentThread().getName());
    }

    private static ForwardListener listener(ConcurrentHashMap<String, Set<String>> threads, ProxyRequest request) {
        return new ForwardListener() {
            @Override
            public void onResponse(int status) {
                note(threads, request);
            }

            @Override
            public void onOutcome(ForwardOutcome outcome) {
                note(threads, request);
            }
        };
    }

    private record RecordingMerger(ConcurrentHashMap<String, Set<String>> threads) implements CookieMerger {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            note(threads, request);
            return lines;
        }

        @Override
        public List<String> toClient(
                ProxyRequest request, Trust trust, OwnCookies own, List<String> lines, List<SetCookie> proxy) {
            note(threads, request);
            return lines;
        }
    }
}
