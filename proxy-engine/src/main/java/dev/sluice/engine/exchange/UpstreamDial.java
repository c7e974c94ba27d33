package dev.sluice.engine.exchange;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.RouteDecision.OneOf;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How one exchange gets a connection: it waits for its turn with the upstream, and connects; or else, with the next candidate. */
final class UpstreamDial {

    private static final Set<Kind> NOT_CONNECTED = EnumSet.of(Kind.CONNECT_FAILED, Kind.CONNECT_TIMEOUT);

    private final Policy policy;
    private final UpstreamPool pool;
    private final Questions questions;
    private final Consumer<UpstreamSide> connected;
    private @Nullable Candidates candidates;
    private @Nullable KnownUpstream place;

    /** @param connected takes the connection, which is the exchange's own from then on */
    UpstreamDial(Policy policy, UpstreamPool pool, Questions questions, Consumer<UpstreamSide> connected) {
        this.policy = policy;
        this.pool = pool;
        this.questions = questions;
        this.connected = connected;
    }

    /** The route names one upstream, and no other will do. */
    Forward only(Forward to) {
        candidates = null;
        return to;
    }

    /** The route names several; the one to begin with. */
    Forward firstOf(OneOf group) {
        candidates = new Candidates(policy.upstreams(), group.candidates());
        return Objects.requireNonNull(candidates.next());
    }

    /** Waits for a place with the upstream, if it has as much to do as it may, and connects. */
    void start(Forward to) {
        KnownUpstream known = policy.upstreams().of(to.upstream());
        if (known.places().tryEnter()) {
            enter(known, to);
            return;
        }
        Duration patience = policy.timeouts().queue();
        questions.ask(
                patience,
                open -> known.places().enter(patience),
                Kind.OVERLOADED,
                places -> enter(known, to),
                UpstreamPlaces::leave);
    }

    private void enter(KnownUpstream known, Forward to) {
        place = known;
        connect(to, false);
    }

    /** @param fresh true for a connection that has not been used before */
    void connect(Forward to, boolean fresh) {
        Duration limit = to.timeouts().connect().orElse(policy.timeouts().connect());
        questions.ask(
                limit,
                open -> pool.acquire(to.upstream(), fresh, limit),
                Kind.CONNECT_FAILED,
                this::succeeded,
                UpstreamSide::discard);
    }

    private void succeeded(UpstreamSide connection) {
        Objects.requireNonNull(place, "place").health().connected();
        connected.accept(connection);
    }

    /** What it is if there is no connection in time. */
    Kind timeout() {
        return place == null ? Kind.OVERLOADED : Kind.CONNECT_TIMEOUT;
    }

    /** Another upstream, if this one could not be connected to: nothing has been sent, or it can be sent again. */
    @Nullable
    Forward insteadAfter(Kind failure) {
        if (place == null || !NOT_CONNECTED.contains(failure)) {
            return null;
        }
        place.health().failed();
        return candidates == null ? null : candidates.next();
    }

    /** The exchange with the upstream is over. */
    void end() {
        if (place != null) {
            place.places().leave();
            place = null;
        }
    }
}
