package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.testkit.contract.EventLoop.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Authenticator} keeps. Extend it with what makes yours and the requests that it is to meet:
 *
 * <pre>{@code
 * class ApiKeyContractTest extends AuthenticatorContract {
 *     protected Authenticator authenticator() { return new ApiKeyAuthenticator(Map.of("k-123456789", "robot")); }
 *     protected List<ProxyRequest> requests() {
 *         return List.of(
 *                 FakeRequest.get("http://a/").withHeader("X-Api-Key", "k-123456789"),
 *                 FakeRequest.get("http://a/").withHeader("X-Api-Key", "wrong"),
 *                 FakeRequest.get("http://a/"));
 *     }
 * }
 * }</pre>
 */
public abstract class AuthenticatorContract {

    /** A new authenticator, set up as a deployment would; made once for each test and closed behind it. */
    protected abstract Authenticator authenticator() throws Exception;

    /**
     * The requests to ask about, at least one of which it does not abstain from: a user who is known, one who is not, a
     * request that is not its own, and whatever is odd enough to trip it. Each is asked about many times.
     */
    protected abstract List<ProxyRequest> requests();

    /** Secrets of its configuration and its sessions; those in {@code Cookie} and {@code Authorization} are known. */
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
                var authenticator = authenticator()) {
            List<AuthDecision> decisions = decideAll(authenticator, loop);

            assertThat(decisions)
                    .as("decisions; requests() must show the authenticator more than what it abstains from")
                    .anyMatch(decision -> !(decision instanceof AuthDecision.Abstain));
        }
    }

    @Test
    final void callingThread_isNotHeldUp() throws Exception {
        try (var loop = new EventLoop();
                var authenticator = authenticator()) {
            for (Question<AuthDecision> question : questions(authenticator)) {
                loop.requirePrompt(question, deadline());
            }
        }
    }

    @Test
    final void manyThreads_areServedAtOnce_andNobodyIsTakenForSomebodyElse() throws Exception {
        try (var loop = new EventLoop();
                var authenticator = authenticator()) {
            List<AuthDecision> alone = decideAll(authenticator, loop);

            Crowd.ask(questions(authenticator), deadline(), (number, decision) -> {
                if (decision instanceof AuthDecision.Proceed now
                        && alone.get(number) instanceof AuthDecision.Proceed before) {
                    assertThat(now.identity().userId())
                            .as("user of " + requests().get(number))
                            .isEqualTo(before.identity().userId());
                }
            });
        }
    }

    /** What is not declared is not removed from what clients send, so that anybody could be anybody. */
    @Test
    final void identityHeaders_coverWhateverProceedSets() throws Exception {
        try (var loop = new EventLoop();
                var authenticator = authenticator()) {
            Set<String> declared = authenticator.identityHeaders().stream()
                    .map(AuthenticatorContract::fold)
                    .collect(Collectors.toSet());

            for (AuthDecision decision : decideAll(authenticator, loop)) {
                if (decision instanceof AuthDecision.Proceed proceed) {
                    assertThat(proceed.toUpstream().edits())
                            .as("edits of names that identityHeaders() does not declare")
                            .allMatch(
                                    edit -> edit instanceof HeaderEdits.Remove || declared.contains(fold(edit.name())));
                }
            }
        }
    }

    /** What is not declared is not kept from untrusted upstreams. */
    @Test
    final void ownCookies_coverWhateverIsSet() throws Exception {
        try (var loop = new EventLoop();
                var authenticator = authenticator()) {
            OwnCookies declared = OwnCookies.of(authenticator.ownCookies());

            for (AuthDecision decision : decideAll(authenticator, loop)) {
                assertThat(cookies(decision))
                        .as("cookies that ownCookies() does not declare")
                        .allMatch(cookie -> declared.owns(cookie.name()));
            }
        }
    }

    /** They are asked for once, at start-up. */
    @Test
    final void declarations_areValidAndDoNotChange() throws Exception {
        try (var loop = new EventLoop();
                var authenticator = authenticator()) {
            Set<String> headers = Set.copyOf(authenticator.identityHeaders());
            Set<String> cookies = Set.copyOf(authenticator.ownCookies());
            headers.forEach(HeaderEdits.Remove::new); // refuses what cannot be a header of an identity
            decideAll(authenticator, loop);

            assertThat(authenticator.identityHeaders()).isEqualTo(headers);
            assertThat(authenticator.ownCookies()).isEqualTo(cookies);
        }
    }

    @Test
    final void secrets_stayOutOfToString() throws Exception {
        try (var loop = new EventLoop();
                var authenticator = authenticator()) {
            var secrets = new Secrets(secrets(), requests());
            for (AuthDecision decision : decideAll(authenticator, loop)) {
                secrets.add(cookies(decision));
                secrets.requireAbsent(decision);
            }
            secrets.requireAbsent(authenticator, authenticator.readiness());
        }
    }

    @Test
    final void close_mayBeRepeated() throws Exception {
        Authenticator authenticator = authenticator();
        authenticator.close();
        authenticator.close();
    }

    private List<AuthDecision> decideAll(Authenticator authenticator, EventLoop loop) throws Exception {
        List<AuthDecision> decisions = new ArrayList<>();
        for (Question<AuthDecision> question : questions(authenticator)) {
            decisions.add(loop.ask(question, deadline()));
        }
        return decisions;
    }

    private List<Question<AuthDecision>> questions(Authenticator authenticator) {
        return requests().stream()
                .map(request ->
                        new Question<>("authenticate(" + request + ")", () -> authenticator.authenticate(request)))
                .toList();
    }

    private static List<SetCookie> cookies(AuthDecision decision) {
        if (decision instanceof AuthDecision.Proceed proceed) {
            return proceed.cookies();
        }
        return decision instanceof AuthDecision.Respond respond ? respond.cookies() : List.of();
    }

    /** As the engine compares identity headers' names. */
    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    }
}
