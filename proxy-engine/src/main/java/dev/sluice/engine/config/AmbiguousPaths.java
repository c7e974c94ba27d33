package dev.sluice.engine.config;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.PathReadings;
import dev.sluice.api.ProxyRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The guard in front of all plugins when a {@code when} names paths: refuses what {@link WhenConfig} calls ambiguous, so
 * that no condition is decided on a path that another server would read differently.
 */
final class AmbiguousPaths implements Authenticator {

    private static final CompletionStage<AuthDecision> PASS = CompletableFuture.completedFuture(AuthDecision.abstain());
    private static final CompletionStage<AuthDecision> REFUSE =
            CompletableFuture.completedFuture(AuthDecision.respond(LocalResponse.text(400, "Ambiguous path\n")));

    private final List<Condition> conditions;

    AmbiguousPaths(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    @Override
    public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
        return PathReadings.isPlain(request.path()) || isDecided(request) ? PASS : REFUSE;
    }

    private boolean isDecided(ProxyRequest request) {
        List<Condition> regarding =
                conditions.stream().filter(c -> c.regards(request)).toList();
        if (regarding.isEmpty()) {
            return true;
        }
        List<String> readings = PathReadings.of(request.path());
        return !readings.isEmpty() && regarding.stream().allMatch(c -> agree(c, readings));
    }

    private static boolean agree(Condition condition, List<String> readings) {
        boolean asSent = condition.matchesPath(readings.get(0));
        return readings.stream().allMatch(reading -> condition.matchesPath(reading) == asSent);
    }
}
