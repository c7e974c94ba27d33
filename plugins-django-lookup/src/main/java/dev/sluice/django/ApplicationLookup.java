package dev.sluice.django;

import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import dev.sluice.api.spi.HttpCalls.Reply;
import dev.sluice.django.ResponseHeaders.Shows;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Django about one host, starts what is absent, and makes findings of the answers. */
final class ApplicationLookup {

    private static final Logger log = LoggerFactory.getLogger(ApplicationLookup.class);

    private final DjangoLookupConfig config;
    private final LookupContext context;
    private final UpstreamNetworks networks;

    ApplicationLookup(DjangoLookupConfig config, LookupContext context, UpstreamNetworks networks) {
        this.config = config;
        this.context = context;
        this.networks = networks;
    }

    /** What Django says of {@code site} now; never fails. */
    CompletionStage<Finding> look(Site site, ProxyRequest request) {
        return guarded(site, request, this::lookAtReadings);
    }

    /** Starts what {@link #look} found {@link Absent}; never fails, and never finds that again. */
    CompletionStage<Finding> start(Site site, ProxyRequest request) {
        return guarded(site, request, this::startReadings);
    }

    private CompletionStage<Finding> lookAtReadings(Site site, ProxyRequest request) {
        return context.control().look(site, request).thenCompose(reply -> {
            if (reply.status() == 404) {
                return site.asPortOverride()
                        .map(other -> lookAtReadings(other, request))
                        .orElseGet(() -> CompletableFuture.completedFuture(new Absent(site, context)));
            }
            return finding(site, reply);
        });
    }

    private CompletionStage<Finding> startReadings(Site site, ProxyRequest request) {
        return context.control().start(site, request).thenCompose(reply -> switch (reply.status()) {
            case 400, 404 ->
                site.asPortOverride()
                        .map(other -> startReadings(other, request))
                        .orElseGet(() -> CompletableFuture.completedFuture(
                                refused(404, context.pages().notFound(site))));
            case 409 -> lookAgain(site, request);
            default -> finding(site, reply);
        });
    }

    /** Someone else has just started it; what is not to be seen yet is about to be. */
    private CompletionStage<Finding> lookAgain(Site site, ProxyRequest request) {
        return context.control()
                .look(site, request)
                .thenCompose(reply -> reply.status() == 404
                        ? CompletableFuture.completedFuture(
                                new Spawning(site, Optional.empty(), context, Duration.ZERO))
                        : finding(site, reply));
    }

    private CompletionStage<Finding> finding(Site site, Reply reply) {
        return switch (reply.status()) {
            case 200, 201 -> finding(site, Application.parse(reply.body()));
            case 401, 403 ->
                CompletableFuture.completedFuture(refused(403, context.pages().forbidden(site)));
            default -> {
                int status = reply.status() == 503 || reply.status() == 504 ? reply.status() : 502;
                yield CompletableFuture.completedFuture(unusable(status, site));
            }
        };
    }

    private CompletionStage<Finding> finding(Site site, Application application) {
        return switch (application.state()) {
            case STOPPED, FAILED -> CompletableFuture.completedFuture(new Stopped(site, application, context));
            case SPAWNING, RUNNING ->
                application.address().isEmpty()
                        ? CompletableFuture.completedFuture(spawning(site, Optional.empty()))
                        : networks.check(application.address().get())
                                .thenApply(upstream -> placed(site, application, upstream));
        };
    }

    private Finding placed(Site site, Application application, Upstream upstream) {
        String port = String.valueOf(upstream.port());
        Optional<RouteDecision> wrapper = application.wrapped() && site.port().isEmpty()
                ? Optional.of(context.pages().wrapper(site, port))
                : Optional.empty();
        Running running = new Running(
                onPort(upstream, site),
                config.responseHeaders().edits(Shows.RUNNING, site, port),
                wrapper,
                config.cache().running());
        return application.state() == Application.State.RUNNING ? running : spawning(site, Optional.of(running));
    }

    private static Upstream onPort(Upstream upstream, Site site) {
        return site.port().isEmpty()
                ? upstream
                : Upstream.of((upstream.tls() ? "https://" : "http://") + upstream.host() + ":"
                        + site.port().getAsInt());
    }

    private Finding spawning(Site site, Optional<Running> running) {
        return new Spawning(site, running, context, config.cache().spawning());
    }

    private Finding refused(int status, RouteDecision page) {
        return new Refused(status, page, context.intent(), config.cache().refused());
    }

    private Finding unusable(int status, Site site) {
        return new Unavailable(status, Optional.of(context.pages().error(site)), context.intent());
    }

    private CompletionStage<Finding> guarded(
            Site site, ProxyRequest request, BiFunction<Site, ProxyRequest, CompletionStage<Finding>> ask) {
        return CompletableFuture.completedFuture(site)
                .thenCompose(asked -> ask.apply(asked, request))
                .exceptionally(failure -> unanswered(site, request, failure));
    }

    private Finding unanswered(Site site, ProxyRequest request, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        log.warn("exchange {}: look-up of {}: {}", request.id(), site.name(), cause.toString());
        if (cause instanceof UnusableAnswerException) {
            return unusable(502, site);
        }
        return new Unavailable(timedOut(cause) ? 504 : 502, Optional.empty(), context.intent());
    }

    private static boolean timedOut(@Nullable Throwable cause) {
        return cause != null
                && (cause instanceof TimeoutException
                        || cause instanceof InterruptedIOException
                        || timedOut(cause.getCause()));
    }
}
