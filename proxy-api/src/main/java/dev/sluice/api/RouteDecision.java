package dev.sluice.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a {@link RouteResolver} decided about one request. */
public sealed interface RouteDecision {

    /**
     * Forward the request. Made with {@link RouteDecision#forward} and the {@code with…} methods; one instance may serve
     * many requests, and a resolver that caches its answers should hand out the same one.
     *
     * @param rewrite what changes on the way to the upstream
     * @param toClient edits of the response's headers
     * @param timeouts bounds that differ from the engine's
     * @param trust whether the upstream may see the proxy's cookies
     * @param fallback what to do instead if forwarding fails before a response
     * @param listener told how it went
     */
    record Forward(
            Upstream upstream,
            Rewrite rewrite,
            HeaderEdits toClient,
            Timeouts timeouts,
            Trust trust,
            Optional<Fallback> fallback,
            ForwardListener listener)
            implements RouteDecision {
        public Forward {
            Objects.requireNonNull(upstream, "upstream");
            Objects.requireNonNull(rewrite, "rewrite");
            Objects.requireNonNull(toClient, "toClient");
            Objects.requireNonNull(timeouts, "timeouts");
            Objects.requireNonNull(trust, "trust");
            Objects.requireNonNull(fallback, "fallback");
            Objects.requireNonNull(listener, "listener");
        }

        public Forward withRewrite(Rewrite rewrite) {
            return new Forward(upstream, rewrite, toClient, timeouts, trust, fallback, listener);
        }

        public Forward withToClient(HeaderEdits toClient) {
            return new Forward(upstream, rewrite, toClient, timeouts, trust, fallback, listener);
        }

        public Forward withTimeouts(Timeouts timeouts) {
            return new Forward(upstream, rewrite, toClient, timeouts, trust, fallback, listener);
        }

        public Forward withTrust(Trust trust) {
            return new Forward(upstream, rewrite, toClient, timeouts, trust, fallback, listener);
        }

        public Forward withFallback(Fallback fallback) {
            return new Forward(upstream, rewrite, toClient, timeouts, trust, Optional.of(fallback), listener);
        }

        public Forward withListener(ForwardListener listener) {
            return new Forward(upstream, rewrite, toClient, timeouts, trust, fallback, listener);
        }
    }

    /**
     * Forward the request to one of several upstreams that do the same. The engine takes the first one that can be connected
     * to; which that is, it knows from other exchanges too. So a resolver that lets them take turns changes their order from
     * request to request.
     *
     * @param candidates in the order of preference, at least one; what is done with the one that is taken is as for a
     *     {@link Forward} alone
     */
    record OneOf(List<Forward> candidates) implements RouteDecision {
        public OneOf {
            candidates = List.copyOf(candidates);
            if (candidates.isEmpty()) {
                throw new IllegalArgumentException("candidates: none (expected: at least one)");
            }
        }
    }

    /** Answer from here. */
    record Respond(LocalResponse response) implements RouteDecision {
        public Respond {
            Objects.requireNonNull(response, "response");
        }
    }

    /**
     * Still starting. Whatever {@code page} answers, the client is told to come back: {@code Retry-After}, and
     * {@code Cache-Control: no-store}. A WebSocket handshake gets 503 and no page.
     *
     * @param retryAfter rounded up to whole seconds, at least one
     * @param page a {@link Forward}, a {@link OneOf} or a {@link Respond}
     */
    record Unready(Duration retryAfter, RouteDecision page) implements RouteDecision {
        public Unready {
            Objects.requireNonNull(retryAfter, "retryAfter");
            Fallback.requireAnswer("page", page);
        }
    }

    /** Not this resolver's: the next one is asked. */
    record NotFound() implements RouteDecision {
        private static final NotFound INSTANCE = new NotFound();
    }

    /** Forwards to {@code upstream}, everything else as usual: untrusted, nothing rewritten, the engine's time-outs. */
    static Forward forward(Upstream upstream) {
        return new Forward(
                upstream,
                Rewrite.NONE,
                HeaderEdits.NONE,
                Timeouts.INHERIT,
                Trust.UNTRUSTED,
                Optional.empty(),
                ForwardListener.NONE);
    }

    /** Forwards to one of {@code candidates}; to the only one, if there is only one. */
    static RouteDecision oneOf(List<Forward> candidates) {
        return candidates.size() == 1 ? candidates.get(0) : new OneOf(candidates);
    }

    /** Answers with {@code response}. */
    static RouteDecision respond(LocalResponse response) {
        return new Respond(response);
    }

    /** Leaves the decision to the next resolver. */
    static RouteDecision notFound() {
        return NotFound.INSTANCE;
    }
}
