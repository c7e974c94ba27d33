package dev.sluice.django;

import dev.sluice.api.Identity;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Culprit;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.api.Timeouts;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends requests where Django says that their host's application runs. */
final class DjangoRouteResolver implements RouteResolver {

    private static final CompletionStage<RouteDecision> NOT_FOUND =
            CompletableFuture.completedFuture(RouteDecision.notFound());

    private final HostPattern hosts;
    private final ApplicationCache cache;
    private final ApplicationLookup lookup;
    private final LookupContext context;
    private final Runnable onClose;

    private DjangoRouteResolver(
            HostPattern hosts,
            ApplicationCache cache,
            ApplicationLookup lookup,
            LookupContext context,
            Runnable onClose) {
        this.hosts = hosts;
        this.cache = cache;
        this.lookup = lookup;
        this.context = context;
        this.onClose = onClose;
    }

    static DjangoRouteResolver of(DjangoLookupConfig config, PluginContext plugin) {
        LookupContext context = new LookupContext(
                new ControlPlane(config, plugin),
                new Pages(config, plugin.clock()),
                new ClientIntent(config.noModifyHeader()),
                Timeouts.INHERIT.withConnect(config.probeConnect()).withResponseHead(config.probeResponse()),
                config.retryAfter());
        ApplicationCache cache = new ApplicationCache(plugin.clock(), config.cache());
        return new DjangoRouteResolver(
                config.hosts(),
                cache,
                new ApplicationLookup(config, context, new UpstreamNetworks(config.networks(), plugin.blocking())),
                context,
                plugin.config()
                        .section("push")
                        .map(section -> push(section, plugin, cache, config.hosts()))
                        .orElse(() -> {}));
    }

    /** Only who asks for pushes needs a client for Redis on the class path. */
    private static Runnable push(
            PluginConfig section, PluginContext plugin, ApplicationCache cache, HostPattern hosts) {
        try {
            return StatePush.start(section, plugin.timer(), cache, hosts)::close;
        } catch (NoClassDefFoundError e) {
            throw section.wrong("url", "no client for Redis (expected: io.lettuce:lettuce-core on the class path)");
        }
    }

    @Override
    public void close() {
        onClose.run();
    }

    @Override
    public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
        String host = request.host();
        String user = user(request);
        Finding known = cache.fresh(host, user);
        if (known != null) {
            return known.decide(request);
        }
        Site site = hosts.site(host);
        if (site == null) {
            return NOT_FOUND;
        }
        return cache.load(host, user, () -> lookup.look(site, request))
                .thenCompose(found -> found instanceof Absent absent && absent.startsFor(request)
                        ? cache.load(host, user, () -> lookup.start(site, request))
                        : CompletableFuture.completedFuture(found))
                .thenCompose(found -> found.decide(request));
    }

    /** Visitors whom nobody knows have one name, so they are told apart by what Django may know them by. */
    private static String user(ProxyRequest request) {
        Identity identity = request.identity().orElse(Identity.ANONYMOUS);
        return identity == Identity.ANONYMOUS
                ? "\0" + String.join("; ", request.headers().all("cookie"))
                : identity.userId();
    }

    @Override
    public CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
        Site site = hosts.site(request.host());
        Culprit culprit = failure.kind().culprit();
        boolean ours = culprit == Culprit.UPSTREAM || culprit == Culprit.PLUGIN;
        if (site == null || !ours || !context.intent().wantsPage(request)) {
            return NOT_FOUND;
        }
        if (context.pages().unavailable()) {
            return new Unavailable(status(failure), Optional.empty(), context.intent()).decide(request);
        }
        return CompletableFuture.completedFuture(
                culprit == Culprit.UPSTREAM
                        ? context.pages().failed(site, "", "The application did not answer")
                        : context.pages().error(site));
    }

    private static int status(ProxyFailure failure) {
        return switch (failure.kind()) {
            case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, UPSTREAM_IDLE -> 504;
            default -> failure.kind().culprit() == Culprit.UPSTREAM ? 502 : 503;
        };
    }
}
