package dev.sluice.engine.admin;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.Probe;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.Readiness;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.RouteResolver;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Hears how long each call of a plugin took. Called on any thread. */
@FunctionalInterface
public interface PluginTimes {

    /**
     * A call has been answered, or has failed.
     *
     * @param plugin kind and configured name: {@code authenticator sso}
     */
    void called(String plugin, boolean failed, long nanos);

    /** {@code inner}, overheard. */
    default Authenticator overhear(String name, Authenticator inner) {
        String plugin = "authenticator " + name;
        return new Authenticator() {
            @Override
            public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
                return timed(plugin, () -> inner.authenticate(request));
            }

            @Override
            public Set<String> identityHeaders() {
                return inner.identityHeaders();
            }

            @Override
            public Set<String> ownCookies() {
                return inner.ownCookies();
            }

            @Override
            public Readiness readiness() {
                return inner.readiness();
            }
        };
    }

    /** {@code inner}, overheard. */
    default RouteResolver overhear(String name, RouteResolver inner) {
        String plugin = "resolver " + name;
        return new RouteResolver() {
            @Override
            public CompletionStage<RouteDecision> resolve(ProxyRequest request) {
                return timed(plugin, () -> inner.resolve(request));
            }

            @Override
            public CompletionStage<RouteDecision> onFailure(ProxyRequest request, ProxyFailure failure) {
                return timed(plugin, () -> inner.onFailure(request, failure));
            }

            @Override
            public Set<Probe> probes() {
                return inner.probes();
            }

            @Override
            public Readiness readiness() {
                return inner.readiness();
            }
        };
    }

    private <T> CompletionStage<T> timed(String plugin, Supplier<CompletionStage<T>> call) {
        long from = System.nanoTime();
        CompletionStage<T> stage = null;
        try {
            stage = call.get();
            return stage;
        } finally {
            if (stage == null) {
                called(plugin, true, System.nanoTime() - from);
            } else {
                stage.whenComplete((answer, failure) -> called(plugin, answer == null, System.nanoTime() - from));
            }
        }
    }
}
