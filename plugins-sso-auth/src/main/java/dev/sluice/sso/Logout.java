package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logging out. A link or an image on another page must not do it, so a {@code GET} shows a button, and only a
 * {@code POST} from a page of the same origin ends the session.
 */
final class Logout {

    private static final Logger LOG = LoggerFactory.getLogger(Logout.class);

    private final IdentityProvider provider;
    private final Sessions sessions;
    private final Cookies cookies;
    private final OriginGuard origins;
    private final OwnPaths paths;
    private final URI after;
    private final boolean atProvider;

    /**
     * @param after where the browser ends up
     * @param atProvider whether it logs out of the provider on the way
     */
    Logout(
            IdentityProvider provider,
            Sessions sessions,
            Cookies cookies,
            OriginGuard origins,
            OwnPaths paths,
            URI after,
            boolean atProvider) {
        this.provider = provider;
        this.sessions = sessions;
        this.cookies = cookies;
        this.origins = origins;
        this.paths = paths;
        this.after = after;
        this.atProvider = atProvider;
    }

    CompletionStage<AuthDecision> answer(ProxyRequest request, Optional<Session> session) {
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            return respond(Pages.page(
                    200,
                    "Log out",
                    "This ends your session at every application here.",
                    "<form method=\"post\" action=\"" + paths.logout() + "\"><button>Log out</button></form>"));
        }
        if (!request.method().equals("POST")) {
            return respond(LocalResponse.status(405).withHeader("Allow", "GET, POST"));
        }
        if (!origins.isSameOrigin(request)) {
            return respond(LocalResponse.text(403, "Log out from a page of this host."));
        }
        if (session.isEmpty()) {
            return CompletableFuture.completedFuture(gone(after));
        }
        SessionRecord record = session.get().record();
        return sessions.end(session.get()).thenCompose(ended -> {
            LOG.info("logged out: {}", ProviderCalls.plain(record.user()));
            return atProvider
                    ? provider.logoutPage(record, after)
                            .exceptionally(error -> Optional.empty())
                            .thenApply(page -> gone(page.orElse(after)))
                    : CompletableFuture.completedFuture(gone(after));
        });
    }

    static LocalResponse loggedOutPage() {
        return Pages.page(200, "Logged out", "You are logged out.");
    }

    private AuthDecision gone(URI to) {
        return new AuthDecision.Respond(
                LocalResponse.status(303).withHeader("Location", to.toString()).withHeader("Cache-Control", "no-store"),
                List.of(cookies.sessionDeletion()));
    }

    private static CompletionStage<AuthDecision> respond(LocalResponse response) {
        return CompletableFuture.completedFuture(AuthDecision.respond(response));
    }
}
