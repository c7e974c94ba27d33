package dev.sluice.engine.exchange;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.ForwardListener;
import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.Identity;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Upstream;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.PhaseTimeouts;
import dev.sluice.engine.When;
import dev.sluice.engine.builtin.DefaultCookieMerger;
import dev.sluice.engine.http.ClientRequest;
import dev.sluice.engine.http.ForwardedHeaders;
import dev.sluice.engine.http.Peer;
import dev.sluice.engine.http.RefusedHead;
import dev.sluice.engine.http.RequestRules;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An exchange between fakes. What is not said: anybody passes, to one upstream, over a connection that stands. */
final class Rig {

    static final Upstream UPSTREAM = Upstream.of("http://app.test:1");
    static final Upstream OTHER = Upstream.of("http://other.test:2");

    /** A bound for each phase, all different, so that a test sees which one was set. */
    static final PhaseTimeouts TIMEOUTS = new PhaseTimeouts(
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(3),
            Duration.ofMillis(4),
            Duration.ofMillis(5),
            Duration.ofMillis(6),
            Duration.ofMillis(7),
            Duration.ofMillis(8),
            Duration.ofMillis(9),
            Duration.ofMillis(10),
            Duration.ofMillis(11),
            Duration.ofMillis(12),
            Duration.ofMillis(13),
            Duration.ofMillis(14));

    final FakeClient client = new FakeClient();
    final FakeLoop loop = new FakeLoop();

    /** What the forwards' listeners heard: {@code response 200}, {@code outcome 200 null}. */
    final List<String> heard = new ArrayList<>();

    /** What the pool was asked for: {@code http://app.test:1}, with {@code fresh} behind it if so. */
    final List<String> acquired = new ArrayList<>();

    /** The connections that the pool handed out, at once or by {@link #connect}. */
    final List<FakeUpstream> connections = new ArrayList<>();

    PluginCalls pluginCalls = new PluginCalls(10);
    Upstreams upstreams = new Upstreams(ProxySettings.defaults());

    private final List<AuthenticatorChain.Link> authenticators = new ArrayList<>();
    private final List<ResolverChain.Link> resolvers = new ArrayList<>();
    private CookieMerger merger = new DefaultCookieMerger();
    private Function<Upstream, CompletionStage<UpstreamSide>> pool =
            upstream -> CompletableFuture.completedFuture(connection(false));
    private @Nullable ProxyExchange exchange;

    Rig authenticator(Function<ProxyRequest, @Nullable CompletionStage<AuthDecision>> answer) {
        authenticators.add(new AuthenticatorChain.Link(When.ALWAYS, unchecked(answer)));
        return this;
    }

    @SuppressWarnings("NullAway") // what a careless plugin returns
    private static Authenticator unchecked(Function<ProxyRequest, @Nullable CompletionStage<AuthDecision>> answer) {
        return answer::apply;
    }

    Rig authenticates(AuthDecision decision) {
        return authenticator(request -> CompletableFuture.completedFuture(decision));
    }

    Rig resolver(Function<ProxyRequest, @Nullable CompletionStage<RouteDecision>> answer) {
        return resolver(answer, (request, failure) -> CompletableFuture.completedFuture(RouteDecision.notFound()));
    }

    @SuppressWarnings("NullAway") // what a careless plugin returns
    Rig resolver(
            Function<ProxyRequest, @Nullable CompletionStage<RouteDecision>> answer,
            BiFunction<ProxyRequest, ProxyFailure, @Nullable CompletionStage<RouteDecision>> page) {
        resolvers.add(new ResolverChain.Link("rig", When.ALWAYS, new RouteResolver() {
            @Override
            public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
                return answer.apply(request);
            }

            @Override
            public CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
                return page.apply(request, failure);
            }
        }));
        return this;
    }

    Rig routes(RouteDecision decision) {
        return resolver(request -> CompletableFuture.completedFuture(decision));
    }

    /** Routes to the upstream, and answers a failure with {@code page}. */
    Rig routesWithPage(RouteDecision page) {
        return resolver(
                request -> CompletableFuture.completedFuture(forward()),
                (request, failure) -> CompletableFuture.completedFuture(page));
    }

    Rig merger(CookieMerger merger) {
        this.merger = merger;
        return this;
    }

    Rig pool(Function<Upstream, CompletionStage<UpstreamSide>> answer) {
        pool = answer;
        return this;
    }

    /** A forward to the usual upstream, whose listener is heard. */
    Forward forward() {
        return forward(UPSTREAM);
    }

    Forward forward(Upstream upstream) {
        return RouteDecision.forward(upstream).withListener(new ForwardListener() {
            @Override
            public void onResponse(int status) {
                heard.add("response " + status);
            }

            @Override
            public void onOutcome(ForwardOutcome outcome) {
                heard.add("outcome " + outcome.status() + " "
                        + outcome.failure().map(ProxyFailure::kind).orElse(null));
            }
        });
    }

    FakeUpstream connection(boolean reused) {
        FakeUpstream connection = new FakeUpstream(reused);
        connections.add(connection);
        return connection;
    }

    ProxyExchange start() {
        return start(request(HttpMethod.GET, false));
    }

    ProxyExchange startWebSocket() {
        return start(request(HttpMethod.GET, true));
    }

    private ProxyExchange start(ClientRequest request) {
        if (authenticators.isEmpty()) {
            authenticates(AuthDecision.proceed(Identity.ANONYMOUS));
        }
        if (resolvers.isEmpty()) {
            routes(forward());
        }
        Policy policy = new Policy(
                new AuthenticatorChain(authenticators),
                new ResolverChain(resolvers),
                new Cookies(merger, OwnCookies.NONE),
                TIMEOUTS,
                pluginCalls,
                upstreams);
        ProxyExchange begun = new ProxyExchange(policy, client, this::acquire, loop, ExchangeTrace.UNWATCHED, request);
        exchange = begun;
        begun.start();
        return begun;
    }

    private CompletionStage<UpstreamSide> acquire(Upstream upstream, boolean fresh, Duration limit) {
        acquired.add(upstream + (fresh ? " fresh" : ""));
        return pool.apply(upstream);
    }

    /** Lets the client be gone, which shows wherever something is written to it. */
    void clientIsGone() {
        client.whenTouched = this::clientFoundGone;
    }

    void clientFoundGone() {
        Objects.requireNonNull(exchange).fail(Kind.CLIENT_CLOSED, null);
    }

    static ClientRequest request(HttpMethod method, boolean webSocket) {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/");
        head.headers().set("Host", "example.org");
        if (webSocket) {
            head.headers()
                    .set("Connection", "Upgrade")
                    .set("Upgrade", "websocket")
                    .set("Sec-WebSocket-Version", "13")
                    .set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        }
        try {
            var rules = new RequestRules(ProxySettings.defaults().limits(), new ForwardedHeaders(List.of()));
            return rules.accept(head, Peer.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9)), 1);
        } catch (RefusedHead e) {
            throw new AssertionError(e);
        }
    }

    static ReplyHead reply(int status, String... setCookies) {
        return new ReplyHead() {
            @Override
            public int status() {
                return status;
            }

            @Override
            public List<String> setCookieLines() {
                return List.of(setCookies);
            }
        };
    }
}
