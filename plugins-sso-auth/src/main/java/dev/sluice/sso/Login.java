package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The browser's way to the provider and back, at the login host. */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final IdentityProvider provider;
    private final LoginTransactions transactions;
    private final Sessions sessions;
    private final SessionStore store;
    private final Cookies cookies;
    private final ReturnUrls urls;
    private final OwnPaths paths;
    private final @Nullable Networks networks;
    private final Clock clock;
    private final Duration longest;

    /**
     * @param networks the groups of networks that sessions are bound to, if they are
     * @param longest how long a session lives, however busy
     */
    Login(
            IdentityProvider provider,
            LoginTransactions transactions,
            Sessions sessions,
            SessionStore store,
            Cookies cookies,
            ReturnUrls urls,
            OwnPaths paths,
            @Nullable Networks networks,
            Clock clock,
            Duration longest) {
        this.provider = provider;
        this.transactions = transactions;
        this.sessions = sessions;
        this.store = store;
        this.cookies = cookies;
        this.urls = urls;
        this.paths = paths;
        this.networks = networks;
        this.clock = clock;
        this.longest = longest;
    }

    /** Sends the browser to the provider, to be sent on to {@code returnTo} in the end. */
    CompletionStage<AuthDecision> begin(ProxyRequest request, String returnTo) {
        LoginTransaction transaction = transactions.begin(returnTo);
        return provider.loginPage(transaction, callback())
                .thenApply(page -> new AuthDecision.Respond(
                        LocalResponse.redirect(page.toString()),
                        transactions.remember(transaction, request.headers())));
    }

    /** The browser comes back from the provider. */
    CompletionStage<AuthDecision> callback(ProxyRequest request) {
        Query query = Query.of(request.target());
        String state = query.get("state");
        LoginTransaction transaction = state == null ? null : transactions.find(state, request.headers());
        if (transaction == null) {
            return refused(List.of(), "a callback that belongs to no login of this browser");
        }
        List<SetCookie> over = List.of(transactions.forget(transaction.state()));
        String issuer = query.get("iss");
        if (issuer != null
                && provider.issuer().isPresent()
                && !provider.issuer().get().equals(issuer)) {
            return refused(over, "a callback of another issuer");
        }
        String code = query.get("code");
        if (code == null || code.isEmpty()) {
            return refused(over, "the provider said " + ProviderCalls.plain(query.get("error")));
        }
        return store.lease("state:" + Secrets.hash(transaction.state()), Secrets.random(8), LoginTransactions.LIFE)
                .thenCompose(first ->
                        first ? exchange(code, transaction, request) : refused(over, "a callback that was used before"))
                .exceptionallyCompose(error -> {
                    if (SsoFailure.kindOf(error) != SsoFailure.Kind.UNAVAILABLE) {
                        return refused(over, SsoFailure.unwrapped(error).toString());
                    }
                    if (SsoFailure.unwrapped(error) instanceof SsoFailure failure) {
                        LOG.warn("login failed: {}", failure.getMessage());
                    }
                    return CompletableFuture.failedFuture(error);
                });
    }

    private CompletionStage<AuthDecision> exchange(String code, LoginTransaction transaction, ProxyRequest request) {
        return provider.exchange(code, transaction, callback()).thenCompose(grant -> {
            Instant now = clock.instant();
            String network = networks == null ? null : networks.groupOf(request.client());
            SessionRecord record = SessionRecord.of(grant, network, now, now.plus(longest));
            return sessions.begin(record).thenApply(ticket -> {
                LOG.info("logged in: {}", ProviderCalls.plain(record.user()));
                return new AuthDecision.Respond(
                        LocalResponse.redirect(transaction.returnTo()),
                        List.of(cookies.session(ticket, longest), transactions.forget(transaction.state())));
            });
        });
    }

    private CompletionStage<AuthDecision> refused(List<SetCookie> over, String why) {
        LOG.info("login refused: {}", why);
        return CompletableFuture.completedFuture(new AuthDecision.Respond(
                Pages.page(
                        403,
                        "Not logged in",
                        "This login could not be completed: it is too old, was used before, or began in another browser.",
                        Pages.link(urls.origin(urls.loginHost()) + "/", "Start again")),
                over));
    }

    private URI callback() {
        return URI.create(urls.origin(urls.loginHost()) + paths.callback());
    }
}
