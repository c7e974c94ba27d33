package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Rewrite;
import dev.sluice.api.Upstream;
import dev.sluice.engine.http.StrictHttp.Head;
import dev.sluice.engine.http.StrictHttp.NotHttp;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Whatever bytes a client sends: if the engine forwards them, a strict parser reads the same request in them and in what goes
 * upstream, and finds its end in the same place.
 */
class RequestFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void acceptedRequest_isReadTheSameByAStrictParser(byte[] sent) throws NotHttp {
        DecodedMessage decoded = DecodedMessage.of(new HttpRequestDecoder(Wire.config()), sent);
        if (!(decoded.head() instanceof HttpRequest head)) {
            return;
        }
        ClientRequest request;
        try {
            request = Wire.rules(Wire.TRUSTS_NOBODY).accept(head, Peer.plain(Wire.PEER), 1);
        } catch (RefusedHead refused) {
            return;
        }
        Head strict = StrictHttp.request(sent);
        requireSame(request, strict, sent);
        decoded.requireSameBody(sent, strict);
        byte[] forwarded = Wire.written(out -> UpstreamHead.write(
                        out,
                        request,
                        Rewrite.NONE,
                        Upstream.of("http://u:1"),
                        HeaderEdits.NONE,
                        request.headers().all("Cookie"),
                        IdentityHeaders.of(List.of("X-User")),
                        Wire.TRUSTS_NOBODY))
                .getBytes(StandardCharsets.ISO_8859_1);
        Head upstream = StrictHttp.request(forwarded);
        assertThat(upstream.end()).as("nothing behind the head").isEqualTo(forwarded.length);
        requireSame(request, upstream, forwarded);
        assertThat(upstream.fields())
                .extracting(
                        field -> field.name().replaceAll("[^0-9A-Za-z]", "-").toLowerCase(Locale.ROOT))
                .doesNotContain("x-user", "keep-alive", "proxy-connection", "proxy-authorization");
    }

    private static void requireSame(ClientRequest request, Head strict, byte[] bytes) {
        assertThat(strict.start().get(0)).isEqualTo(request.method());
        String target = strict.start().get(1);
        assertThat(target.startsWith("/") || target.equals("*") || isAbsolute(target, request))
                .as(target)
                .isTrue();
        if (target.startsWith("/")) {
            assertThat(request.target()).isEqualTo(target);
        }
        List<String> hosts = strict.all("Host");
        assertThat(hosts).hasSizeLessThanOrEqualTo(1);
        assertThat(hosts).allMatch(host -> host.equalsIgnoreCase(request.authority()));
        assertThat(strict.framing())
                .as(new String(bytes, StandardCharsets.ISO_8859_1))
                .isEqualTo(request.framing().toString().replace("length ", ""));
    }

    /** {@code http://host/path?query}: the engine's target is what follows the authority. */
    private static boolean isAbsolute(String target, ClientRequest request) {
        String rest = target.replaceFirst("(?i)^https?://[^/?]*", "");
        String path =
                rest.startsWith("/") ? rest : rest.isEmpty() && request.target().equals("*") ? "*" : "/" + rest;
        return !rest.equals(target) && request.target().equals(path);
    }
}
