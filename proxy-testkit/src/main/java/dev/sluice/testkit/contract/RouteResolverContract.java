package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Rewrite;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import dev.sluice.testkit.contract.EventLoop.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link RouteResolver} keeps. Extend it with what makes yours and the requests that it is to meet. */
public abstract class RouteResolverContract {

    /** A new resolver, set up as a deployment would; made once for each test and closed behind it. */
    protected abstract RouteResolver resolver() throws Exception;

    /**
     * The requests to ask about, with an identity, at least one of which has a route: one that does, one that does not, one
     * for an application that is still starting, a {@code POST}, a WebSocket handshake. Each is asked about many times.
     */
    protected abstract List<ProxyRequest> requests();

    /** Secrets of its configuration; those in {@code Cookie} and {@code Authorization} are known. */
    protected Set<String> secrets() {
        return Set.of();
    }

    /** How long one decision may take; 5 seconds, as in the engine, if not overridden. */
    protected Duration deadline() {
        return Duration.ofSeconds(5);
    }

    @Test
    final void everyRequest_isDecidedInTime() throws Exception {
        try (var loop = new EventLoop();
                var resolver = resolver()) {
            assertThat(decideAll(questions(resolver), loop))
                    .as("decisions; requests() must show the resolver more than what is not its own")
                    .anyMatch(decision -> !(decision instanceof RouteDecision.NotFound));
        }
    }

    @Test
    final void everyFailure_isAnsweredInTime() throws Exception {
        try (var loop = new EventLoop();
                var resolver = resolver()) {
            decideAll(questions(resolver), loop);
            decideAll(failures(resolver), loop);
        }
    }

    @Test
    final void callingThread_isNotHeldUp() throws Exception {
        try (var loop = new EventLoop();
                var resolver = resolver()) {
            for (Question<RouteDecision> question : questions(resolver)) {
                loop.requirePrompt(question, deadline());
            }
            for (Question<RouteDecision> question : failures(resolver)) {
                loop.requirePrompt(question, deadline());
            }
        }
    }

    @Test
    final void manyThreads_areServedAtOnce() throws Exception {
        try (var loop = new EventLoop();
                var resolver = resolver()) {
            List<RouteDecision> alone = decideAll(questions(resolver), loop);

            Crowd.ask(
                    questions(resolver),
                    deadline(),
                    (number, decision) -> assertThat(decision instanceof RouteDecision.NotFound)
                            .as("not its own: " + requests().get(number))
                            .isEqualTo(alone.get(number) instanceof RouteDecision.NotFound));
        }
    }

    /** A page stands in for the answer: it would be given an upload that was meant for somebody else. */
    @Test
    final void pages_areNotGivenTheRequestsBody() throws Exception {
        try (var loop = new EventLoop();
                var resolver = resolver()) {
            for (RouteDecision decision : decideAll(questions(resolver), loop)) {
                requirePages(decision);
            }
            for (RouteDecision decision : decideAll(failures(resolver), loop)) {
                requirePage(decision, "page of onFailure");
            }
        }
    }

    @Test
    final void unready_namesAWaitThatIsNotNegative() throws Exception {
        try (var loop = new EventLoop();
                var resolver = resolver()) {
            for (RouteDecision decision : decideAll(questions(resolver), loop)) {
                if (decision instanceof RouteDecision.Unready unready) {
                    assertThat(unready.retryAfter()).as("retryAfter").isGreaterThanOrEqualTo(Duration.ZERO);
                }
            }
        }
    }

    @Test
    final void secrets_stayOutOfToString() throws Exception {
        try (var loop = new EventLoop();
                var resolver = resolver()) {
            var secrets = new Secrets(secrets(), requests());
            for (RouteDecision decision : decideAll(questions(resolver), loop)) {
                secrets.requireAbsent(decision);
            }
            secrets.requireAbsent(resolver, resolver.readiness());
        }
    }

    @Test
    final void close_mayBeRepeated() throws Exception {
        RouteResolver resolver = resolver();
        resolver.close();
        resolver.close();
    }

    private static void requirePages(RouteDecision decision) {
        if (decision instanceof RouteDecision.Unready unready) {
            requirePage(unready.page(), "page of an Unready");
        } else if (decision instanceof RouteDecision.Forward forward) {
            forward.fallback().ifPresent(fallback -> requirePages(fallback.instead()));
        }
    }

    private static void requirePage(RouteDecision page, String what) {
        if (page instanceof RouteDecision.Forward forward) {
            assertThat(forward.rewrite().body()).as("body of the " + what).isEqualTo(Rewrite.Body.DROP);
        } else {
            requirePages(page);
        }
    }

    private List<RouteDecision> decideAll(List<Question<RouteDecision>> questions, EventLoop loop) throws Exception {
        List<RouteDecision> decisions = new ArrayList<>();
        for (Question<RouteDecision> question : questions) {
            decisions.add(loop.ask(question, deadline()));
        }
        return decisions;
    }

    private List<Question<RouteDecision>> questions(RouteResolver resolver) {
        return requests().stream()
                .map(request -> new Question<>("resolve(" + request + ")", () -> resolver.resolve(request)))
                .toList();
    }

    /** Never asked about handshakes (an upgrade gets no page) nor about failed authentications. */
    private List<Question<RouteDecision>> failures(RouteResolver resolver) {
        List<Question<RouteDecision>> questions = new ArrayList<>();
        for (ProxyRequest request : requests()) {
            for (ProxyFailure.Kind kind : ProxyFailure.Kind.values()) {
                if (!request.webSocket() && kind != ProxyFailure.Kind.AUTH_ERROR) {
                    var failure = new ProxyFailure(kind, false, null);
                    questions.add(new Question<>(
                            "onFailure(" + request + ", " + kind + ")", () -> resolver.onFailure(request, failure)));
                }
            }
        }
        return questions;
    }
}
