package dev.sluice.engine.builtin;

import dev.sluice.api.LocalResponse;
import dev.sluice.api.Probe;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One configured route. Its decisions are made beforehand; only a route that changes the path makes one for each request.
 */
final class StaticRoute {

    /**
     * @param basePath put in front of the path; empty or without a slash at its end
     * @param probe of the upstream
     */
    record Target(Forward forward, String basePath, Optional<Probe> probe) {}

    private final String prefix;
    private final boolean stripPrefix;
    private final boolean allowsEncodedSlashes;
    private final boolean changesPath;
    private final List<Target> targets;
    private final List<CompletionStage<RouteDecision>> unchanged;
    private final AtomicInteger turn = new AtomicInteger();

    private StaticRoute(
            String prefix,
            boolean stripPrefix,
            boolean allowsEncodedSlashes,
            List<Target> targets,
            List<CompletionStage<RouteDecision>> unchanged) {
        this.prefix = prefix;
        this.stripPrefix = stripPrefix;
        this.allowsEncodedSlashes = allowsEncodedSlashes;
        this.changesPath = stripPrefix
                || targets.stream().anyMatch(target -> !target.basePath().isEmpty());
        this.targets = targets;
        this.unchanged = unchanged;
    }

    /** Answers from here. */
    static StaticRoute responding(String prefix, LocalResponse response) {
        return new StaticRoute(
                prefix,
                false,
                false,
                List.of(),
                List.of(CompletableFuture.completedFuture(RouteDecision.respond(response))));
    }

    /** Forwards to {@code targets}, which take turns at being the first choice. */
    static StaticRoute forwarding(
            String prefix, boolean stripPrefix, boolean allowsEncodedSlashes, List<Target> targets) {
        List<CompletionStage<RouteDecision>> unchanged = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            unchanged.add(CompletableFuture.completedFuture(beginningWith(i, targets, Target::forward)));
        }
        return new StaticRoute(prefix, stripPrefix, allowsEncodedSlashes, List.copyOf(targets), List.copyOf(unchanged));
    }

    private static RouteDecision beginningWith(int first, List<Target> targets, Function<Target, Forward> forward) {
        List<Forward> candidates = new ArrayList<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            candidates.add(forward.apply(targets.get((first + i) % targets.size())));
        }
        return RouteDecision.oneOf(candidates);
    }

    /** The paths that the route takes: this one and those below; empty for all. */
    String prefix() {
        return prefix;
    }

    /** Whether where a request ends up depends on its path. */
    boolean dependsOnPath() {
        return !prefix.isEmpty() || changesPath;
    }

    /** Whether an encoded slash may be all that makes a path this route's, or another's that allows the same. */
    boolean allowsEncodedSlashes() {
        return allowsEncodedSlashes;
    }

    /** Those of its upstreams. */
    Stream<Probe> probes() {
        return targets.stream().flatMap(target -> target.probe().stream());
    }

    CompletionStage<RouteDecision> decide(ProxyRequest request) {
        int i = unchanged.size() == 1 ? 0 : Math.floorMod(turn.getAndIncrement(), unchanged.size());
        if (!changesPath || !request.target().startsWith("/")) {
            return unchanged.get(i);
        }
        return CompletableFuture.completedFuture(
                beginningWith(i, targets, target -> rewritten(target, request.target())));
    }

    private Forward rewritten(Target target, String sent) {
        String path = target.basePath() + (stripPrefix ? sent.substring(prefix.length()) : sent);
        String rooted = path.startsWith("/") ? path : "/" + path;
        return target.forward().withRewrite(target.forward().rewrite().withTarget(rooted));
    }
}
