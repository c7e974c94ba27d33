package com.example.proxy;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Vouches for programs that sign their requests by the <a href="https://github.com/mozilla/hawk">Hawk</a> scheme. A
 * request that is not signed so is left to the next authenticator; one that is, and wrongly, is refused.
 */
final class HawkAuthenticator implements Authenticator {

    static final String CALLER = "X-Caller";

    private static final CompletionStage<AuthDecision> NOT_OURS =
            CompletableFuture.completedFuture(AuthDecision.abstain());

    private final Map<String, Credential> credentials;
    private final Duration skew;
    private final SeenNonces seen;
    private final Clock clock;

    /** A caller: the key, and what is decided when it has signed. */
    private record Credential(HawkKey key, AuthDecision pass) {}

    /** @param keys by the caller's id */
    HawkAuthenticator(Map<String, HawkKey> keys, Duration skew, int nonces, Clock clock) {
        this.credentials = keys.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, caller -> new Credential(caller.getValue(), pass(caller.getKey()))));
        this.skew = skew;
        // A clock may be ahead: a signature passes from one skew before its time until one after.
        this.seen = new SeenNonces(skew.multipliedBy(2), nonces);
        this.clock = clock;
    }

    private static AuthDecision pass(String caller) {
        return AuthDecision.proceed(
                Identity.of(caller),
                HeaderEdits.builder()
                        .remove("Authorization")
                        .put(CALLER, caller)
                        .build());
    }

    @Override
    public CompletionStage<AuthDecision> authenticate(ProxyRequest request) {
        List<String> authorizations = request.headers().all("Authorization");
        if (authorizations.stream().noneMatch(HawkHeader::isHawk)) {
            return NOT_OURS;
        }
        return CompletableFuture.completedFuture(decide(request, authorizations));
    }

    private AuthDecision decide(ProxyRequest request, List<String> authorizations) {
        Optional<HawkHeader> parsed =
                authorizations.size() == 1 ? HawkHeader.parse(authorizations.get(0)) : Optional.empty();
        if (parsed.isEmpty()) {
            return refuse("error=\"Bad header format\"");
        }
        HawkHeader header = parsed.get();
        Credential credential = credentials.get(header.id());
        if (credential == null || !credential.key().signed(header, request)) {
            return refuse("error=\"Bad mac\""); // the same for an unknown id: which ones exist is nobody's business
        }
        Instant now = clock.instant();
        if (Math.abs(now.getEpochSecond() - header.ts()) > skew.toSeconds()) {
            long time = now.getEpochSecond();
            return refuse(
                    "ts=\"" + time + "\", tsm=\"" + credential.key().signTime(time) + "\", error=\"Stale timestamp\"");
        }
        return switch (seen.use(header, now)) {
            case FIRST -> credential.pass();
            case REPLAYED -> refuse("error=\"Invalid nonce\"");
            case FULL ->
                AuthDecision.respond(LocalResponse.text(503, "Too many requests are remembered\n")
                        .withHeader("Retry-After", Long.toString(skew.toSeconds())));
        };
    }

    private static AuthDecision refuse(String why) {
        return AuthDecision.respond(
                LocalResponse.text(401, "Not signed as expected\n").withHeader("WWW-Authenticate", "Hawk " + why));
    }

    @Override
    public Set<String> identityHeaders() {
        return Set.of(CALLER);
    }
}
