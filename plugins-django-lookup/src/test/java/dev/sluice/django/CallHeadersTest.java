package dev.sluice.django;

import static dev.sluice.django.Lookups.app;
import static dev.sluice.django.Lookups.decide;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.Identity;
import dev.sluice.api.spi.HttpCalls.Call;
import dev.sluice.testkit.FakeRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallHeadersTest {

    private final FakeDjango django = new FakeDjango().answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:8888"));

    private Call call(String hocon, FakeRequest request) {
        decide(new DjangoLookupProvider().create(Lookups.context(hocon, django)), request);
        return django.calls().get(0);
    }

    @Test
    void call_carriesTheAllowedHeadersAndTheIdentity() {
        Identity ann = Identity.of("42")
                .withClaims(Map.of(
                        "email", List.of("ann@example.org"),
                        "related_emails", List.of("a@example.org", "b@example.org"),
                        "first_name", List.of("Ånn"),
                        "groups", List.of("staff")));
        FakeRequest request = FakeRequest.get("https://lab.example.org:8443/")
                .withIdentity(ann)
                .withHeader("Cookie", "a=b")
                .withHeader("Cookie", "c=d")
                .withHeader("User-Agent", "browser")
                .withHeader("Referer", "https://example.org/tools")
                .withHeader("X-CSRFToken", "t")
                .withHeader("X-Forwarded-Proto", "gopher")
                .withHeader("Authorization", "Bearer secret")
                .withHeader("sso-profile-email", "root@example.org")
                .withHeader("X-Data-Workspace-No-Modify-Application-Instance", "1");
        assertThat(call("", request).headers())
                .containsExactlyInAnyOrder(
                        entry("cookie", "a=b; c=d"),
                        entry("host", "lab.example.org:8443"),
                        entry("x-csrftoken", "t"),
                        entry("x-scheme", "https"),
                        entry("x-forwarded-proto", "https"),
                        entry("referer", "https://example.org/tools"),
                        entry("user-agent", "browser"),
                        entry("x-data-workspace-no-modify-application-instance", "1"),
                        entry("sso-profile-user-id", "42"),
                        entry("sso-profile-email", "ann@example.org"),
                        entry("sso-profile-related-emails", "a@example.org,b@example.org"),
                        entry(
                                "sso-profile-first-name",
                                new String("Ånn".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
    }

    @Test
    void namesAndClaims_areConfigurable() {
        Call call = call(
                "client-headers = [X-Trace], identity-headers { x-user = \"{user-id}\" }, no-modify-header = X-Poll",
                Lookups.page("lab.example.org").withHeader("x-trace", "1"));
        assertThat(call.headers()).containsExactlyInAnyOrder(entry("x-trace", "1"), entry("x-user", "ann"));
    }

    @Test
    void call_isBoundInTimeAndSize() {
        Call call = call("timeout = 1s, max-answer = 2k", Lookups.page("lab.example.org"));
        assertThat(call.timeout()).hasSeconds(1);
        assertThat(call.maxReplyBytes()).isEqualTo(2048);
    }
}
