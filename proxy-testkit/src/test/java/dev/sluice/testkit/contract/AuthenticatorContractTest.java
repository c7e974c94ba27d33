package dev.sluice.testkit.contract;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Readiness;
import dev.sluice.api.SetCookie;
import dev.sluice.testkit.FakeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The suite tells a good authenticator from those that break one promise each. */
class AuthenticatorContractTest {

    /** Knows users by {@code X-User}, gives them a cookie, and keeps all promises; its heirs break one each. */
    static class Good extends AuthenticatorContract implements Authenticator {
        @Override
        protected Authenticator authenticator() {
            return this;
        }

        @Override
        protected List<ProxyRequest> requests() {
            return List.of(
                    FakeRequest.get("http://a/").withHeader("X-User", "ann").withHeader("Cookie", "sid=0123456789"),
                    FakeRequest.get("http://a/").withHeader("X-User", "bob"),
                    FakeRequest.get("http://a/"));
        }

        @Override
        protected Duration deadline() {
            return Duration.ofSeconds(2);
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("client-secret");
        }

        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            return CompletableFuture.supplyAsync(() -> decide(request), ForkJoinPool.commonPool());
        }

        AuthDecision decide(ProxyRequest request) {
            String user = request.headers().get("X-User");
            return user == null ? AuthDecision.abstain() : proceed(user);
        }

        AuthDecision proceed(String user) {
            return new AuthDecision.Proceed(
                    Identity.of(user),
                    HeaderEdits.builder()
                            .put("X-Auth-User", user)
                            .remove("X-User")
                            .build(),
                    List.of(SetCookie.of("__Host-s_0", "cookie-value").build()));
        }

        @Override
        public Set<String> identityHeaders() {
            return Set.of("x_auth_user");
        }

        @Override
        public Set<String> ownCookies() {
            return Set.of("__Host-s");
        }
    }

    @Test
    void good_passes() {
        Suites.assertPasses(Good.class, 8);
    }

    @SuppressWarnings("NullAway") // that it returns null is its defect
    static class NullStage extends Good {
        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            return request.headers().contains("X-User") ? super.authenticate(request) : null;
        }
    }

    @SuppressWarnings("NullAway") // that it decides null is its defect
    static class NullDecision extends Good {
        @Override
        AuthDecision decide(ProxyRequest request) {
            return request.headers().contains("X-User") ? super.decide(request) : null;
        }
    }

    static class Throws extends Good {
        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            throw new IllegalStateException("no session store");
        }
    }

    static class NeverDecides extends Good {
        @Override
        protected Duration deadline() {
            return Duration.ofMillis(50);
        }

        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            return new CompletableFuture<>();
        }
    }

    @Test
    void noAnswer_fails() {
        String[] whateverAsks = {
            "everyRequest_isDecidedInTime",
            "callingThread_isNotHeldUp",
            "manyThreads_areServedAtOnce_andNobodyIsTakenForSomebodyElse",
            "identityHeaders_coverWhateverProceedSets",
            "ownCookies_coverWhateverIsSet",
            "declarations_areValidAndDoNotChange",
            "secrets_stayOutOfToString"
        };
        Suites.assertFails(NullStage.class, whateverAsks);
        Suites.assertFails(NullDecision.class, whateverAsks);
        Suites.assertFails(Throws.class, whateverAsks);
        Suites.assertFails(NeverDecides.class, whateverAsks);
    }

    static class AlwaysAbstains extends Good {
        @Override
        AuthDecision decide(ProxyRequest request) {
            return AuthDecision.abstain();
        }
    }

    @Test
    void requestsThatShowNothing_fail() {
        Suites.assertFails(AlwaysAbstains.class, "everyRequest_isDecidedInTime");
    }

    /** For less than a millisecond, which no clock would tell from scheduling. */
    static class Blocks extends Good {
        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            CompletableFuture<AuthDecision> decision = CompletableFuture.supplyAsync(
                    () -> decide(request), CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
            return CompletableFuture.completedFuture(decision.join());
        }
    }

    /** Without waiting for anything. */
    static class Burns extends Good {
        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            long end = System.nanoTime() + Duration.ofMillis(120).toNanos();
            while (request.headers().contains("X-User") && calledByTheLoop() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return super.authenticate(request);
        }

        private static boolean calledByTheLoop() {
            return Thread.currentThread().getName().equals("event-loop");
        }
    }

    @Test
    void holdingUpTheCallingThread_fails() {
        Suites.assertFails(Blocks.class, "callingThread_isNotHeldUp");
        Suites.assertFails(Burns.class, "callingThread_isNotHeldUp");
    }

    /** Keeps the user of the request at hand in a field. */
    /** Remembers the user of the last question for whoever asks next from another thread. */
    static class MixesUsersUp extends Good {
        private @Nullable Thread last;
        private @Nullable String current;

        /** On the thread that asks: the common pool has one thread where there are two cores. */
        @Override
        public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
            return CompletableFuture.completedFuture(decide(request));
        }

        @Override
        synchronized AuthDecision decide(ProxyRequest request) {
            String user = request.headers().get("X-User");
            if (user == null) {
                return AuthDecision.abstain();
            }
            String taken = current != null && last != Thread.currentThread() ? current : user;
            last = Thread.currentThread();
            current = user;
            return proceed(taken);
        }
    }

    @Test
    void takingOneUserForAnother_fails() {
        Suites.assertFails(MixesUsersUp.class, "manyThreads_areServedAtOnce_andNobodyIsTakenForSomebodyElse");
    }

    static class UndeclaredHeader extends Good {
        @Override
        public Set<String> identityHeaders() {
            return Set.of("X-Auth-User-Id");
        }
    }

    static class UndeclaredCookie extends Good {
        @Override
        AuthDecision proceed(String user) {
            return new AuthDecision.Respond(
                    LocalResponse.redirect("/login"),
                    List.of(SetCookie.of("state", "cookie-value").build()));
        }
    }

    static class ChangingDeclaration extends Good {
        private volatile String name = "X-Auth-User";

        @Override
        public Set<String> identityHeaders() {
            return Set.of(name);
        }

        @Override
        AuthDecision decide(ProxyRequest request) {
            name = "x-auth.user";
            return super.decide(request);
        }
    }

    static class ReservedDeclaration extends Good {
        @Override
        public Set<String> identityHeaders() {
            return Set.of("X-Auth-User", "Host");
        }
    }

    @Test
    void wrongDeclarations_fail() {
        Suites.assertFails(UndeclaredHeader.class, "identityHeaders_coverWhateverProceedSets");
        Suites.assertFails(UndeclaredCookie.class, "ownCookies_coverWhateverIsSet");
        Suites.assertFails(ChangingDeclaration.class, "declarations_areValidAndDoNotChange");
        Suites.assertFails(ReservedDeclaration.class, "declarations_areValidAndDoNotChange");
    }

    static class ShowsItsSecret extends Good {
        @Override
        public String toString() {
            return "ShowsItsSecret[client-secret]";
        }
    }

    static class ShowsASession extends Good {
        @Override
        public Readiness readiness() {
            return Readiness.notReady("lost session 0123456789");
        }
    }

    static class ShowsACookie extends Good {
        @Override
        AuthDecision proceed(String user) {
            return new AuthDecision.Proceed(
                    Identity.of("cookie-value-" + user),
                    HeaderEdits.NONE,
                    List.of(SetCookie.of("__Host-s", "cookie-value").build()));
        }
    }

    @Test
    void showingSecrets_fails() {
        Suites.assertFails(ShowsItsSecret.class, "secrets_stayOutOfToString");
        Suites.assertFails(ShowsASession.class, "secrets_stayOutOfToString");
        Suites.assertFails(ShowsACookie.class, "secrets_stayOutOfToString");
    }

    static class ClosesOnce extends Good {
        private boolean closed;

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            closed = true;
        }
    }

    @Test
    void closingOnceOnly_fails() {
        Suites.assertFails(ClosesOnce.class, "close_mayBeRepeated");
    }
}
