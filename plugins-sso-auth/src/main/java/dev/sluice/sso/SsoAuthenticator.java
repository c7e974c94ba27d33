package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Readiness;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides by the session that a request's cookie opens. A session that is known on this replica is decided upon at once;
 * everything else asks the store or the provider, and what cannot be asked is 503: never a logout, never a redirect.
 */
final class SsoAuthenticator implements Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(SsoAuthenticator.class);

    private final SsoParts parts;
    private final Clock clock;

    SsoAuthenticator(SsoParts parts, Clock clock) {
        this.parts = parts;
        this.clock = clock;
    }

    @Override
    public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
        if (parts.paths().contains(request.target())) {
            return guarded(ownPath(request), request);
        }
        if (parts.passPreflight() && OriginGuard.isPreflight(request)) {
            return completed(AuthDecision.proceed(Identity.ANONYMOUS));
        }
        List<String> values = parts.cookies().sessionValues(request.headers());
        if (values.isEmpty()) {
            return guarded(stranger(request), request);
        }
        Session known = parts.sessions().cached(values, request.host());
        return known != null
                ? known(request, known)
                : guarded(
                        parts.sessions()
                                .find(values, request.host())
                                .thenCompose(
                                        found -> found.isPresent() ? known(request, found.get()) : stranger(request)),
                        request);
    }

    private CompletionStage<AuthDecision> known(ProxyRequest request, Session session) {
        Session.State state = session.state();
        if (!isFromBoundNetwork(request, state.record())) {
            return guarded(stranger(request), request);
        }
        if (!parts.origins().admits(request)) {
            return refuse(request, 403, "Refused: the request comes from a page of another site.");
        }
        long now = clock.millis();
        if (now < state.renewAt()) {
            return admitted(request, session);
        }
        CompletionStage<Void> renewal = parts.renewals().renew(session);
        return now < state.renewBy()
                ? admitted(request, session)
                : guarded(
                        renewal.handle((ok, error) -> error == null
                                        ? admitted(request, session)
                                        : SsoFailure.kindOf(error) == SsoFailure.Kind.ENDED
                                                ? stranger(request)
                                                : CompletableFuture.<AuthDecision>failedFuture(error))
                                .thenCompose(stage -> stage),
                        request);
    }

    private CompletionStage<AuthDecision> admitted(ProxyRequest request, Session session) {
        Session.State state = session.state();
        if (!isAllowed(request, state.record().claims())) {
            return refuse(request, 403, "Refused: you may not use this application.");
        }
        return parts.assertions() == null ? state.answer() : completed(vouched(state.proceed(), request));
    }

    private AuthDecision vouched(AuthDecision.Proceed proceed, ProxyRequest request) {
        Assertions assertions = parts.assertions();
        return assertions == null ? proceed : assertions.added(proceed, request.host());
    }

    private boolean isAllowed(ProxyRequest request, Map<String, List<String>> claims) {
        List<Requirement> requirements = parts.requirements();
        for (int i = 0; i < requirements.size(); i++) {
            if (!requirements.get(i).isMet(request.host(), claims)) {
                return false;
            }
        }
        return true;
    }

    private boolean isFromBoundNetwork(ProxyRequest request, SessionRecord record) {
        Networks networks = parts.networks();
        return networks == null || networks.groupOf(request.client()).equals(record.network());
    }

    /** Nobody whom a session makes known. */
    private CompletionStage<AuthDecision> stranger(ProxyRequest request) {
        BearerTokens bearers = parts.bearers();
        String token = bearers == null ? null : BearerTokens.of(request);
        if (bearers != null && token != null) {
            return bearer(request, bearers, token);
        }
        return RequestKind.of(request) == RequestKind.NAVIGATION
                ? parts.siblings().begin(request)
                : unauthorized(request, challenge());
    }

    private CompletionStage<AuthDecision> bearer(ProxyRequest request, BearerTokens bearers, String token) {
        return bearers.authenticate(token)
                .thenCompose(proceed -> isAllowed(request, proceed.identity().claims())
                        ? completed(vouched(proceed, request))
                        : refuse(request, 403, "Refused: you may not use this application."))
                .exceptionallyCompose(error -> SsoFailure.kindOf(error) == SsoFailure.Kind.REFUSED
                        ? unauthorized(request, "Bearer error=\"invalid_token\"")
                        : CompletableFuture.failedFuture(error));
    }

    /** RFC 9110 §11.6.1 wants a challenge; this one makes no browser ask for a password. */
    private String challenge() {
        return parts.bearers() != null
                ? "Bearer realm=\"sso\""
                : "Cookie realm=\"sso\", form-action=\"" + parts.paths().login() + "\", cookie-name=\""
                        + parts.cookies().sessionName() + "\"";
    }

    private CompletionStage<AuthDecision> unauthorized(ProxyRequest request, String challenge) {
        LocalResponse response = LocalResponse.text(401, "Not logged in.")
                .withHeader("WWW-Authenticate", challenge)
                .withHeader("Cache-Control", "no-store");
        return completed(AuthDecision.respond(parts.origins().readable(response, request)));
    }

    private CompletionStage<AuthDecision> refuse(ProxyRequest request, int status, String text) {
        LocalResponse response = LocalResponse.text(status, text).withHeader("Cache-Control", "no-store");
        return completed(AuthDecision.respond(parts.origins().readable(response, request)));
    }

    private CompletionStage<Optional<Session>> session(ProxyRequest request) {
        List<String> values = parts.cookies().sessionValues(request.headers());
        return parts.sessions()
                .find(values, request.host())
                .thenApply(found -> found.filter(session -> isFromBoundNetwork(request, session.record())));
    }

    private CompletionStage<AuthDecision> ownPath(ProxyRequest request) {
        String path = request.path();
        OwnPaths paths = parts.paths();
        Assertions assertions = parts.assertions();
        if (path.equals(paths.logout())) {
            return session(request).thenCompose(session -> parts.logout().answer(request, session));
        }
        if (path.equals(paths.loggedOut())) {
            return completed(AuthDecision.respond(Logout.loggedOutPage()));
        }
        if (assertions != null && path.equals(paths.keys())) {
            return completed(AuthDecision.respond(assertions.keySet()));
        }
        boolean atLoginHost = request.host().equals(parts.loginHost());
        boolean step = path.equals(paths.enter())
                || (atLoginHost && (path.equals(paths.callback()) || path.equals(paths.login())));
        if (!step) {
            return completed(AuthDecision.respond(LocalResponse.text(404, "Not found.")));
        }
        if (RequestKind.of(request) != RequestKind.NAVIGATION) {
            return unauthorized(request, challenge());
        }
        if (path.equals(paths.enter())) {
            return parts.siblings().enter(request);
        }
        return path.equals(paths.callback())
                ? parts.login().callback(request)
                : session(request).thenCompose(session -> parts.siblings().arrive(request, session));
    }

    private static CompletionStage<AuthDecision> completed(AuthDecision decision) {
        return CompletableFuture.completedFuture(decision);
    }

    /** What fails here was not foreseen or cannot be asked now; whatever it is, nobody passes and nobody is logged out. */
    private CompletionStage<AuthDecision> guarded(CompletionStage<AuthDecision> stage, ProxyRequest request) {
        return stage.exceptionally(error -> {
            Throwable cause = SsoFailure.unwrapped(error);
            if (cause instanceof SsoFailure) {
                LOG.debug("{}: {}", request.id(), cause.getMessage()); // once and at WARN where it was found
            } else {
                // Not the message, which could quote what the client or the provider sent.
                LOG.error("{}: {} at {}", request.id(), cause.getClass().getName(), cause.getStackTrace());
            }
            return AuthDecision.respond(parts.origins().readable(Pages.unavailable(), request));
        });
    }

    @Override
    public Set<String> identityHeaders() {
        return parts.identityHeaders();
    }

    @Override
    public Set<String> ownCookies() {
        return parts.cookies().ownNames();
    }

    @Override
    public Readiness readiness() {
        if (!parts.store().reachable()) {
            return Readiness.notReady("the session store does not answer");
        }
        return parts.provider().reachable()
                ? Readiness.READY
                : Readiness.notReady("the identity provider has not been reached yet");
    }

    @Override
    public void close() {
        BackChannelListener backChannel = parts.backChannel();
        if (backChannel != null) {
            backChannel.close();
        }
        parts.store().close();
    }

    SsoParts parts() {
        return parts;
    }
}
