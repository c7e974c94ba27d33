package dev.sluice.api;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Decides who may pass.
 *
 * <p>The engine asks the configured authenticators in order, once for each request, upgrades included, before anything
 * else is decided and before any byte of the request's body is read. The first decision that is not
 * {@link AuthDecision.Abstain} wins; when all abstain the request is refused with 403. A guard, such as an allow-list of
 * networks, is an authenticator that only ever abstains or responds, placed first.
 *
 * <pre>{@code
 * final class ApiKeyAuthenticator implements Authenticator {
 *     private final Set<String> known;
 *
 *     ApiKeyAuthenticator(Set<String> known) {
 *         this.known = known;
 *     }
 *
 *     @Override
 *     public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
 *         String key = request.headers().get("X-Api-Key");
 *         if (key == null) {
 *             return CompletableFuture.completedFuture(AuthDecision.abstain());
 *         }
 *         return CompletableFuture.completedFuture(
 *                 known.contains(key)
 *                         ? AuthDecision.proceed(Identity.of("robot"))
 *                         : AuthDecision.respond(LocalResponse.status(401)));
 *     }
 * }
 * }</pre>
 */
public interface Authenticator extends AutoCloseable {

    /**
     * Decides about one request.
     *
     * <p>Called on an event loop that serves many connections: it must not block (see {@link #blocking}). The stage may
     * complete on any thread; the engine hops back, and a stage that is already complete costs no hop.
     *
     * @return never null. A null stage, a null decision, an exception (thrown or as the stage's outcome) and a stage that
     *     is not complete by the deadline for plugin calls all refuse the request: 503, and no resolver is asked. An
     *     answer that arrives after that is ignored.
     */
    CompletionStage<AuthDecision> authenticate(ProxyRequest request);

    /**
     * The names of the headers by which this authenticator tells the upstream who the user is. Asked once, at start-up.
     *
     * <p>The engine removes client-sent headers of these names from every request, whoever authenticated it, comparing
     * names without regard to case and with every non-alphanumeric character folded to one: {@code X_User},
     * {@code x.user} and {@code X-User} are the same name.
     */
    default Set<String> identityHeaders() {
        return Set.of();
    }

    /**
     * The names of the cookies that this authenticator owns. Asked once, at start-up; see {@link OwnCookies} for which
     * derived names are owned with them.
     */
    default Set<String> ownCookies() {
        return Set.of();
    }

    /** Whether this authenticator can do its work now; asked by readiness probes, on any thread. */
    default Readiness readiness() {
        return Readiness.READY;
    }

    /** Releases what the authenticator holds. Called once, when no request uses it any more; no call follows it. */
    @Override
    default void close() {}

    /**
     * An authenticator for authors who block: {@code body} runs on {@code executor}, its exception refuses the request.
     */
    static Authenticator blocking(Executor executor, Function<ProxyRequest, AuthDecision> body) {
        Objects.requireNonNull(executor, "executor");
        Objects.requireNonNull(body, "body");
        return request -> CompletableFuture.supplyAsync(() -> body.apply(request), executor);
    }
}
