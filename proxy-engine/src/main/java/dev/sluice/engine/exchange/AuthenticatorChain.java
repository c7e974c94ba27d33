package dev.sluice.engine.exchange;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.ProxyRequest;
import dev.sluice.engine.When;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The configured authenticators in order: the first decision that is not to abstain wins. */
public final class AuthenticatorChain {

    /** One authenticator and the condition under which it is asked. */
    public record Link(When when, Authenticator authenticator) {}

    private static final CompletionStage<AuthDecision> ABSTAIN =
            CompletableFuture.completedFuture(AuthDecision.abstain());

    private final Link[] links;

    public AuthenticatorChain(List<Link> links) {
        this.links = links.toArray(new Link[0]);
    }

    /**
     * The chain's decision; {@link AuthDecision.Abstain} if nobody vouched.
     *
     * @param open runs on the event loop what asks the next one, unless the answer has come too late
     */
    CompletionStage<AuthDecision> authenticate(ProxyRequest request, Executor open) {
        return ask(request, open, 0);
    }

    private CompletionStage<AuthDecision> ask(ProxyRequest request, Executor open, int from) {
        for (int i = from; i < links.length; i++) {
            if (!links[i].when().matches(request)) {
                continue;
            }
            CompletionStage<AuthDecision> asked =
                    Objects.requireNonNull(links[i].authenticator().authenticate(request), "an authenticator's stage");
            CompletableFuture<AuthDecision> stage = asked.toCompletableFuture();
            if (!stage.isDone()) {
                int next = i + 1;
                return stage.thenComposeAsync(
                        d -> d instanceof AuthDecision.Abstain
                                ? ask(request, open, next)
                                : CompletableFuture.completedFuture(d),
                        open);
            }
            // A failed stage is not an abstention: it ends the chain here, and the exchange refuses.
            if (stage.isCompletedExceptionally() || !(stage.join() instanceof AuthDecision.Abstain)) {
                return stage;
            }
        }
        return ABSTAIN;
    }
}
