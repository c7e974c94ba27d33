package dev.sluice.engine.exchange;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Fallback;
import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.engine.http.ClientRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request, from its head to the end of its response: authenticate, route, connect, send, reply, stream or tunnel,
 * done; and {@link #fail}, which every error goes through. Confined to the client's event loop. It decides, and the sides
 * move: a body's bytes never come by here.
 */
public final class ProxyExchange {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyExchange.class);

    private final Policy policy;
    private final ClientSide client;
    private final Loop loop;
    private final Questions questions;
    private final UpstreamDial dial;
    private final ExchangeTrace trace;
    private ClientRequest request;
    private Phase phase = Phase.AUTHENTICATE;
    private HeaderEdits fromAuthenticator = HeaderEdits.NONE;
    private List<SetCookie> cookies = List.of();
    private int retryAfter;
    private @Nullable Forward forward;
    private @Nullable UpstreamSide upstream;
    private @Nullable ProxyFailure first;
    private int status;
    private boolean committed;

    public ProxyExchange(
            Policy policy,
            ClientSide client,
            UpstreamPool pool,
            Loop loop,
            ExchangeTrace trace,
            ClientRequest request) {
        this.policy = policy;
        this.client = client;
        this.loop = loop;
        this.trace = trace;
        this.questions = new Questions(loop, policy.pluginCalls(), this::fail);
        this.dial = new UpstreamDial(policy, pool, questions, this::connected);
        this.request = request;
    }

    /** The request, with its identity as soon as there is one. */
    public ClientRequest request() {
        return request;
    }

    /** Whether the head of a response has gone to the client. */
    public boolean isCommitted() {
        return committed;
    }

    // ---- authenticate

    public void start() {
        questions.askPlugins(
                policy.timeouts().pluginCall(),
                open -> policy.authenticators().authenticate(request, open),
                Kind.AUTH_ERROR,
                this::authenticated);
    }

    private void authenticated(AuthDecision decision) {
        if (decision instanceof AuthDecision.Proceed proceed) {
            request = request.withIdentity(proceed.identity());
            fromAuthenticator = proceed.toUpstream();
            cookies = proceed.cookies();
            route(open -> policy.resolvers().resolve(request, open, trace), this::routed);
        } else if (decision instanceof AuthDecision.Respond refusal) {
            cookies = refusal.cookies();
            respond(refusal.response());
        } else {
            respond(LocalResponse.status(403)); // nobody vouched
        }
    }

    // ---- route

    private void route(Function<Executor, CompletionStage<RouteDecision>> question, Consumer<RouteDecision> then) {
        enter(Phase.ROUTE);
        questions.askPlugins(policy.timeouts().pluginCall(), question, Kind.ROUTE_ERROR, then);
    }

    private void routed(RouteDecision decision) {
        if (decision instanceof Forward to) {
            connect(dial.only(to));
        } else if (decision instanceof RouteDecision.OneOf group) {
            connect(dial.firstOf(group));
        } else if (decision instanceof RouteDecision.Respond answer) {
            respond(answer.response());
        } else if (decision instanceof RouteDecision.Unready starting) {
            retryAfter = wholeSeconds(starting.retryAfter());
            if (request.webSocket()) {
                respond(LocalResponse.status(503));
            } else {
                routed(starting.page());
            }
        } else {
            fail(Kind.NO_ROUTE, null);
        }
    }

    /** Rounded up, at least one. */
    private static int wholeSeconds(Duration duration) {
        long up = duration.getNano() > 0 ? 1 : 0;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE - up, duration.toSeconds()) + up);
    }

    // ---- connect

    private void connect(Forward to) {
        forward = to;
        status = 0;
        loop.lifetime(to.timeouts()
                .requestLifetime()
                .orElse(policy.timeouts().requestLifetime())
                .toMillis());
        enter(Phase.CONNECT);
        trace.forwarding(to);
        dial.start(to);
    }

    // ---- send

    private void connected(UpstreamSide connection) {
        upstream = connection;
        enter(Phase.SEND);
        List<String> lines;
        try {
            lines = policy.cookies().toUpstream(request, forward().trust());
        } catch (RuntimeException e) {
            fail(Kind.COOKIE_ERROR, e);
            return;
        }
        loop.idleDeadline(bodyIdle());
        client.send(connection, forward(), trace.toUpstream(fromAuthenticator), lines);
    }

    /** The last byte of the request has been handed to the upstream's connection. */
    public void onRequestSent() {
        if (phase == Phase.SEND) {
            enter(Phase.REPLY);
            loop.deadline(forward()
                    .timeouts()
                    .responseHead()
                    .orElse(policy.timeouts().responseHead())
                    .toMillis());
        }
    }

    // ---- reply

    public void onInterimReply(ReplyHead head) {
        client.relayInterim(head);
    }

    public void onReply(ReplyHead head) {
        Forward to = forward();
        status = head.status();
        hear(() -> to.listener().onResponse(status));
        try {
            List<String> lines = setCookieLines(to.trust(), head.setCookieLines());
            if (status == 101) {
                client.tunnel(head, to.toClient(), to.timeouts(), lines);
            } else {
                client.relay(head, to.toClient(), retryAfter, lines);
            }
        } catch (RuntimeException e) {
            fail(Kind.COOKIE_ERROR, e); // the merger's, or a line that cannot be sent: nothing of the head has gone out
            return;
        }
        if (phase == Phase.DONE) {
            return; // there was no client any more to write to
        }
        committed = true;
        enter(status == 101 ? Phase.TUNNEL : Phase.STREAM);
        loop.idleDeadline(bodyIdle());
    }

    /** Bytes have moved through the tunnel. */
    public void onTunnelActivity() {
        hear(() -> forward().listener().onTunnelActivity());
    }

    // ---- done

    /** The response, or the tunnel, has ended as it should. */
    public void onEnd() {
        if (upstream != null) {
            upstream.release();
            upstream = null;
        }
        report(Optional.empty());
        finish();
    }

    private void respond(LocalResponse response) {
        try {
            respond(response, setCookieLines(Trust.UNTRUSTED, List.of()));
        } catch (RuntimeException e) {
            first = Objects.requireNonNullElseGet(first, () -> new ProxyFailure(Kind.COOKIE_ERROR, false, e));
            respond(FailureStatus.respond(Kind.COOKIE_ERROR, request.id()), List.of());
        }
        finish();
    }

    private void respond(LocalResponse response, List<String> setCookieLines) {
        status = response.status();
        client.respond(response, retryAfter, setCookieLines);
    }

    /**
     * The exchange's own failure is its first, even if a fallback or a page has answered in its place. It may have ended by
     * now: what is written to a client that is gone fails at once, and by way of {@link #fail}.
     */
    private void finish() {
        if (phase != Phase.DONE) {
            enter(Phase.DONE);
            client.finished(status, first);
        }
    }

    /** Done before the connection is closed: to close it is to fail what it still had to write, which comes by here too. */
    private void cut() {
        enter(Phase.DONE);
        client.abort();
        client.finished(status, first);
    }

    // ---- any phase

    /** The upstream's connection closed before the whole response; {@code cause} is null if it closed in order. */
    public void onUpstreamClosed(@Nullable Throwable cause) {
        boolean unanswered = phase == Phase.SEND || phase == Phase.REPLY;
        if (unanswered && upstream != null && upstream.reused() && client.canReplay()) {
            // A pooled connection may have been closed just as it was taken: nobody's failure (RFC 9112 §9.3.1).
            upstream.discard();
            upstream = null;
            enter(Phase.CONNECT);
            dial.connect(forward(), true);
        } else {
            fail(Kind.UPSTREAM_CLOSED, cause);
        }
    }

    /** The deadline of the current phase has passed. */
    public void onDeadline() {
        if (loop.lifetimeOver()) {
            fail(Kind.LIFETIME_ENDED, null);
            return;
        }
        switch (phase) {
            case CONNECT -> fail(dial.timeout(), null);
            case REPLY -> fail(Kind.RESPONSE_TIMEOUT, null);
            case SEND, STREAM -> {
                if (client.peersTakeBytes()) {
                    loop.idleDeadline(bodyIdle());
                } else {
                    fail(client.waitsForClient() ? Kind.CLIENT_IDLE : Kind.UPSTREAM_IDLE, null);
                }
            }
            case AUTHENTICATE -> fail(Kind.AUTH_ERROR, new TimeoutException("plugin call"));
            case ROUTE -> fail(Kind.ROUTE_ERROR, new TimeoutException("plugin call"));
            case TUNNEL, DONE -> {} // a tunnel keeps its own time
        }
    }

    /** The one place that every failure goes through; only the first one of an exchange counts. */
    public void fail(Kind kind, @Nullable Throwable cause) {
        if (phase == Phase.DONE) {
            return;
        }
        ProxyFailure failure = new ProxyFailure(kind, committed, cause);
        Forward failed = forward;
        Forward next = phase == Phase.CONNECT ? dial.insteadAfter(kind) : null;
        report(Optional.of(failure));
        status = committed ? status : 0;
        if (upstream != null) {
            upstream.discard();
            upstream = null;
        }
        if (next != null) {
            connect(next);
            return;
        }
        ProxyFailure reason = Objects.requireNonNullElse(first, failure);
        boolean again = first != null;
        first = reason;
        if (committed || kind == Kind.CLIENT_CLOSED) {
            cut();
            return;
        }
        LocalResponse plain = FailureStatus.respond(reason.kind(), request.id());
        boolean pageable = !request.webSocket() && kind.culprit() != ProxyFailure.Culprit.CLIENT;
        if (again || !pageable || request.identity().isEmpty()) {
            respond(plain); // without an identity no resolver is asked: its page could forward the request
            return;
        }
        RouteDecision fallback = failed == null
                ? null
                : failed.fallback()
                        .filter(f -> f.when().contains(kind))
                        .map(Fallback::instead)
                        .orElse(null);
        if (fallback != null && sendable(fallback)) {
            routed(fallback);
            return;
        }
        route(open -> policy.resolvers().onFailure(request, failure, open), page -> {
            if (page instanceof RouteDecision.NotFound || !sendable(page)) {
                respond(plain);
            } else {
                routed(page);
            }
        });
    }

    /** A body that has been passed on in part cannot be sent to somebody else from its start. */
    private boolean sendable(RouteDecision decision) {
        if (decision instanceof RouteDecision.Unready starting) {
            return sendable(starting.page());
        }
        if (decision instanceof RouteDecision.OneOf group) {
            return sendable(group.candidates().get(0));
        }
        return !(decision instanceof Forward to) || to.rewrite().body() == Rewrite.Body.DROP || client.bodyUntouched();
    }

    private void report(Optional<ProxyFailure> failure) {
        dial.end();
        if (forward != null) {
            Forward ended = forward;
            forward = null;
            trace.forwarded(status, failure.orElse(null));
            hear(() -> ended.listener().onOutcome(new ForwardOutcome(status, failure)));
        }
    }

    private void hear(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("{} forward listener failed", request.id(), e);
        }
    }

    private List<String> setCookieLines(Trust trust, List<String> application) {
        return policy.cookies().toClient(request, trust, application, cookies);
    }

    private Forward forward() {
        return Objects.requireNonNull(forward, "forward");
    }

    private long bodyIdle() {
        return forward()
                .timeouts()
                .bodyIdle()
                .orElse(policy.timeouts().bodyIdle())
                .toMillis();
    }

    private void enter(Phase next) {
        phase = next;
        trace.entered(next);
        questions.close();
    }
}
