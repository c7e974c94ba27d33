package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.Identity;
import dev.sluice.api.spi.HttpCalls.Call;
import dev.sluice.api.spi.HttpCalls.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FakesTest {

    @Test
    void request_takesItsUrlApart_byteForByte() {
        FakeRequest request = FakeRequest.of("POST", "https://App.Example.org.:8443/a%2Fb//{c}?d=|e?");

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.scheme()).isEqualTo("https");
        assertThat(request.authority()).isEqualTo("App.Example.org.:8443");
        assertThat(request.host()).isEqualTo("app.example.org");
        assertThat(request.target()).isEqualTo("/a%2Fb//{c}?d=|e?");
        assertThat(request.path()).isEqualTo("/a%2Fb//{c}");
        assertThat(request.headers().get("host")).isEqualTo("App.Example.org.:8443");
        assertThat(request.webSocket()).isFalse();
        assertThat(request.identity()).isEmpty();
    }

    @Test
    void request_isImmutable() {
        FakeRequest plain = FakeRequest.get("http://[2001:db8::1]:80");
        FakeRequest full = plain.withHeader("Cookie", "a=1")
                .withHeader("cookie", "b=2")
                .withPeer("192.0.2.9", 7)
                .withClient("2001:db8::2")
                .withIdentity(Identity.of("u"));

        assertThat(plain.headers().contains("Cookie")).isFalse();
        assertThat(plain.host()).isEqualTo("[2001:db8::1]");
        assertThat(plain.target()).isEqualTo("/");
        assertThat(full.headers().all("COOKIE")).containsExactly("a=1", "b=2");
        assertThat(full.peer().getPort()).isEqualTo(7);
        assertThat(full.client().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:2");
        assertThat(full.identity()).map(Identity::userId).hasValue("u");
        assertThat(FakeRequest.webSocket("http://a/").webSocket()).isTrue();
    }

    @Test
    void request_neverLooksANameUp() {
        assertThatThrownBy(() -> FakeRequest.get("http://a/").withClient("example.org"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address: example.org (expected: an IP address, not a name)");
    }

    @Test
    void httpCalls_answerByTheFirstRuleThatMatches_andRecord() {
        Call call = Call.get(URI.create("http://a/x?secret"));
        var later = new CompletableFuture<Reply>();
        FakeHttpCalls failing = FakeHttpCalls.failing();
        FakeHttpCalls http = failing.on(c -> c.method().equals("POST"), new Reply(201, List.of(), new byte[0]))
                .on(c -> true, c -> later);

        assertThat(http.send(call).toCompletableFuture()).isSameAs(later);
        assertThat(http.send(Call.of("POST", call.uri()))
                        .toCompletableFuture()
                        .join()
                        .status())
                .isEqualTo(201);
        assertThat(failing.send(call).toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IOException.class)
                .withMessage("no scripted reply for GET http://a");
        assertThat(http.calls()).extracting(Call::method).containsExactly("GET", "POST", "GET");
    }
}
