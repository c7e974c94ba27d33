package com.example.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.HeaderEdits;
import dev.sluice.testkit.FakeRequest;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HawkAuthenticatorTest {

    private static final FakeRequest REQUEST = FakeRequest.get("http://tools.example.org/reports/?week=3");

    private final ManualClock clock = new ManualClock();
    private final HawkAuthenticator authenticator = authenticator(1000);

    private HawkAuthenticator authenticator(int nonces) {
        HawkKey key = new HawkKey(SignedRequests.KEY);
        return new HawkAuthenticator(Map.of(SignedRequests.CALLER, key), Duration.ofMinutes(1), nonces, clock);
    }

    @Test
    void publishedExample_passes() {
        var example = new HawkAuthenticator(
                Map.of("dh37fgj492je", new HawkKey("werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn")),
                Duration.ofMinutes(1),
                1000,
                new ManualClock(Instant.ofEpochSecond(1353832234)));
        FakeRequest request = FakeRequest.get("http://example.com:8000/resource/1?b=1&a=2")
                .withHeader(
                        "Authorization",
                        "Hawk id=\"dh37fgj492je\", ts=\"1353832234\", nonce=\"j4h3g2\", ext=\"some-app-ext-data\","
                                + " mac=\"6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE=\"");

        assertThat(decide(example, request)).isInstanceOf(AuthDecision.Proceed.class);
    }

    @Test
    void signedRequest_passesAsTheCaller_withoutTheSignature() {
        AuthDecision.Proceed pass = (AuthDecision.Proceed) decide(signed(REQUEST, 0, "n"));

        assertThat(pass.identity().userId()).isEqualTo("nightly");
        assertThat(pass.toUpstream())
                .isEqualTo(HeaderEdits.builder()
                        .remove("Authorization")
                        .put("X-Caller", "nightly")
                        .build());
    }

    @Test
    void unsignedRequest_isLeftToTheNext() {
        assertThat(decide(REQUEST)).isEqualTo(AuthDecision.abstain());
        assertThat(decide(REQUEST.withHeader("Authorization", "Bearer x"))).isEqualTo(AuthDecision.abstain());
    }

    @Test
    void signatureOfAnotherRequest_isRefused() {
        String signature = signed(REQUEST, 0, "n").headers().get("Authorization");

        for (FakeRequest other : new FakeRequest[] {
            FakeRequest.of("POST", "http://tools.example.org/reports/?week=3"),
            FakeRequest.get("http://tools.example.org/reports/?week=4"),
            FakeRequest.get("http://tools.example.org/Reports/?week=3"),
            FakeRequest.get("http://other.example.org/reports/?week=3"),
            FakeRequest.get("http://tools.example.org:8080/reports/?week=3"),
            FakeRequest.get("https://tools.example.org/reports/?week=3")
        }) {
            assertThat(refusal(decide(other.withHeader("Authorization", signature))))
                    .as(other.toString())
                    .isEqualTo("Hawk error=\"Bad mac\"");
        }
        assertThat(decide(REQUEST.withHeader("Authorization", signature))).isInstanceOf(AuthDecision.Proceed.class);
    }

    @Test
    void unknownCaller_isRefusedLikeAWrongSignature() {
        String signature = signed(REQUEST, 0, "n").headers().get("Authorization");

        assertThat(refusal(decide(REQUEST.withHeader("Authorization", signature.replace("nightly", "nobody")))))
                .isEqualTo("Hawk error=\"Bad mac\"");
    }

    @Test
    void timestamp_mayBeOffByTheSkew_andNoMore() {
        assertThat(decide(signed(REQUEST, -60, "a"))).isInstanceOf(AuthDecision.Proceed.class);
        assertThat(decide(signed(REQUEST, 60, "b"))).isInstanceOf(AuthDecision.Proceed.class);
        long now = clock.instant().getEpochSecond();
        String stale = "Hawk ts=\"" + now + "\", tsm=\"" + new HawkKey(SignedRequests.KEY).signTime(now)
                + "\", error=\"Stale timestamp\"";
        assertThat(refusal(decide(signed(REQUEST, -61, "c")))).isEqualTo(stale);
        assertThat(refusal(decide(signed(REQUEST, 61, "d")))).isEqualTo(stale);
    }

    @Test
    void replay_isRefused_forAsLongAsTheTimestampPasses() {
        FakeRequest fromTheFuture = signed(REQUEST, 60, "n");
        assertThat(decide(fromTheFuture)).isInstanceOf(AuthDecision.Proceed.class);

        clock.advance(Duration.ofSeconds(120));
        assertThat(refusal(decide(fromTheFuture))).contains("Invalid nonce");
        clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(decide(fromTheFuture))).contains("Stale timestamp");
    }

    @Test
    void fullMemory_refusesUntilThereIsRoom_andForgetsNothing() {
        HawkAuthenticator small = authenticator(2);
        FakeRequest first = signed(REQUEST, 60, "1");
        decide(small, first);
        decide(small, signed(REQUEST, 60, "2"));

        assertThat(((AuthDecision.Respond) decide(small, signed(REQUEST, 60, "3")))
                        .response()
                        .status())
                .isEqualTo(503);
        assertThat(refusal(decide(small, first))).contains("Invalid nonce");
        clock.advance(Duration.ofSeconds(121));
        assertThat(decide(small, signed(REQUEST, 0, "4"))).isInstanceOf(AuthDecision.Proceed.class);
    }

    @Test
    void twoAuthorizations_areRefused() {
        FakeRequest twice = signed(REQUEST, 0, "n").withHeader("Authorization", "Bearer x");

        assertThat(refusal(decide(twice))).contains("Bad header format");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hawk ",
                "Hawk id=\"nightly\"",
                "Hawk id=\"a\", id=\"b\", ts=\"1\", nonce=\"n\", mac=\"m\"",
                "Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\", app=\"x\"",
                "Hawk id=\"a\", ts=\"soon\", nonce=\"n\", mac=\"m\"",
                "Hawk id=\"a\", ts=\"1\", nonce=\"\", mac=\"m\"",
                "Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\" and more",
                "hawk id=\"a\" ts=\"1\" nonce=\"n\" mac=\"m\"",
                "Hawk id=\"a\", ts=\"999999999999\", nonce=\"n\", mac=\"m\""
            })
    void malformedHeader_isRefused(String header) {
        assertThat(refusal(decide(REQUEST.withHeader("Authorization", header)))).contains("Bad header format");
    }

    @Test
    void longHeader_isRefused() {
        String nonce = "n".repeat(65);
        assertThat(refusal(decide(signed(REQUEST, 0, nonce)))).contains("Bad header format");
        assertThat(HawkHeader.parse("Hawk " + "x".repeat(4096))).isEmpty();
    }

    private FakeRequest signed(FakeRequest request, long offset, String nonce) {
        return SignedRequests.sign(request, clock.instant().getEpochSecond() + offset, nonce);
    }

    private AuthDecision decide(FakeRequest request) {
        return decide(authenticator, request);
    }

    private static AuthDecision decide(HawkAuthenticator authenticator, FakeRequest request) {
        return authenticator.authenticate(request).toCompletableFuture().join();
    }

    /** The challenge of a 401. */
    private static String refusal(AuthDecision decision) {
        assertThat(decision).isInstanceOf(AuthDecision.Respond.class);
        var response = ((AuthDecision.Respond) decision).response();
        assertThat(response.status()).isEqualTo(401);
        return response.headers().stream()
                .filter(field -> field.getKey().equals("WWW-Authenticate"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }
}
