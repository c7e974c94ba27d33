package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * How a login at the login host becomes known at another host of the deployment. Without a domain-wide cookie the
 * browser is bounced: from the sibling to the login host, and back with a ticket that works once, at that sibling, for
 * the browser that began. The sibling's own session then stands for the one at the login host and dies with it.
 */
final class SiblingHosts {

    private static final Duration TICKET_LIFE = Duration.ofMinutes(1);
    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final Login login;
    private final LoginTransactions transactions;
    private final Sessions sessions;
    private final Cookies cookies;
    private final ReturnUrls urls;
    private final OwnPaths paths;
    private final Clock clock;
    private final boolean bounce;

    /** @param bounce false if the session cookie is the whole domain's */
    SiblingHosts(
            Login login,
            LoginTransactions transactions,
            Sessions sessions,
            Cookies cookies,
            ReturnUrls urls,
            OwnPaths paths,
            Clock clock,
            boolean bounce) {
        this.login = login;
        this.transactions = transactions;
        this.sessions = sessions;
        this.cookies = cookies;
        this.urls = urls;
        this.paths = paths;
        this.clock = clock;
        this.bounce = bounce;
    }

    /** A navigation without a session, at any host of the deployment. */
    CompletionStage<AuthDecision> begin(ProxyRequest request) {
        String host = request.host();
        if (host.equals(urls.loginHost())) {
            return login.begin(request, urls.of(request));
        }
        if (!urls.isOwnHost(host)) {
            return answer(Pages.page(403, "Unknown host", "Nobody can log in at this host."));
        }
        String page = urls.origin(urls.loginHost()) + paths.login();
        if (!bounce) {
            return answer(LocalResponse.redirect(page + "?return=" + Query.encoded(urls.of(request))));
        }
        LoginTransaction transaction = transactions.begin(urls.of(request));
        return CompletableFuture.completedFuture(new AuthDecision.Respond(
                LocalResponse.redirect(page + "?host=" + host + "&state=" + transaction.state()),
                transactions.remember(transaction, request.headers())));
    }

    /** The login host's page to which siblings send browsers. */
    CompletionStage<AuthDecision> arrive(ProxyRequest request, Optional<Session> session) {
        Query query = Query.of(request.target());
        String host = query.get("host");
        String state = query.get("state");
        if (host == null || state == null) {
            String wanted = query.get("return");
            String returnTo = urls.checked(wanted == null ? "" : wanted);
            return session.isPresent() ? answer(LocalResponse.redirect(returnTo)) : login.begin(request, returnTo);
        }
        if (!bounce || !STATE.matcher(state).matches() || host.equals(urls.loginHost()) || !urls.isOwnHost(host)) {
            return answer(Pages.page(400, "Not a login", "This link does not lead to a login."));
        }
        if (session.isEmpty()) {
            return login.begin(
                    request, urls.origin(urls.loginHost()) + paths.login() + "?host=" + host + "&state=" + state);
        }
        SessionLink once = new SessionLink(session.get().ticket().text(), host, state);
        return sessions.link(once, clock.instant().plus(TICKET_LIFE))
                .thenApply(ticket -> AuthDecision.respond(LocalResponse.redirect(
                        urls.origin(host) + paths.enter() + "?state=" + state + "&ticket=" + ticket.text())));
    }

    /** The sibling's page to which the login host sends the browser back. */
    CompletionStage<AuthDecision> enter(ProxyRequest request) {
        Query query = Query.of(request.target());
        String state = query.get("state");
        String text = query.get("ticket");
        SessionTicket ticket = text == null ? null : SessionTicket.parse(text);
        LoginTransaction transaction = state == null ? null : transactions.find(state, request.headers());
        if (!bounce || ticket == null || transaction == null) {
            return stranger();
        }
        return sessions.take(ticket).thenCompose(taken -> {
            SessionLink link = taken.orElse(null);
            return link == null
                            || !link.host().equals(request.host())
                            || !Secrets.same(link.state(), transaction.state())
                    ? stranger()
                    : settle(link, transaction);
        });
    }

    private CompletionStage<AuthDecision> settle(SessionLink link, LoginTransaction transaction) {
        return sessions.find(List.of(link.parent()), urls.loginHost()).thenCompose(parent -> {
            if (parent.isEmpty()) {
                return stranger();
            }
            Instant endsAt = parent.get().record().endsAt();
            return sessions.link(new SessionLink(link.parent(), link.host(), ""), endsAt)
                    .thenApply(own -> new AuthDecision.Respond(
                            LocalResponse.redirect(transaction.returnTo()),
                            List.of(
                                    cookies.session(own, Duration.between(clock.instant(), endsAt)),
                                    transactions.forget(transaction.state()))));
        });
    }

    private static CompletionStage<AuthDecision> stranger() {
        return answer(Pages.page(403, "Not logged in", "This login is too old, or began in another browser."));
    }

    private static CompletionStage<AuthDecision> answer(LocalResponse response) {
        return CompletableFuture.completedFuture(AuthDecision.respond(response));
    }
}
