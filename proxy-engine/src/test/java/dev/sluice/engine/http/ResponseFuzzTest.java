package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.api.HeaderEdits;
import dev.sluice.engine.http.StrictHttp.Head;
import dev.sluice.engine.http.StrictHttp.NotHttp;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever bytes an upstream sends: what the client gets of them is one well-formed head, framed as the body is. */
class ResponseFuzzTest {

    private static final byte[] GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    @FuzzTest(maxDuration = "3m")
    void relayedResponse_isReadTheSameByAStrictParser(byte[] sent) throws NotHttp, RefusedHead {
        DecodedMessage decoded = DecodedMessage.of(new HttpResponseDecoder(Wire.config()), sent);
        if (!(decoded.head() instanceof HttpResponse head)) {
            return;
        }
        ClientRequest request = Wire.accept(new String(GET, StandardCharsets.ISO_8859_1));
        Framing framing;
        try {
            framing = ResponseRules.accept(head, request, "GET");
        } catch (RefusedHead refused) {
            return;
        }
        int status = head.status().code();
        if (status < 200) {
            return;
        }
        byte[] relayed = Wire.written(
                        out -> ClientHead.write(out, request, head, HeaderEdits.NONE, List.of(), framing, true, 0))
                .getBytes(StandardCharsets.ISO_8859_1);
        Head client = StrictHttp.response(relayed);
        assertThat(client.end()).as("nothing behind the head").isEqualTo(relayed.length);
        assertThat(client.start().get(1)).isEqualTo("" + status);
        assertThat(client.all("Set-Cookie")).as("only the merger's").isEmpty();
        if (status == 204 || status == 304) {
            return;
        }
        assertThat(client.framing())
                .isEqualTo(ClientHead.framing(request, framing).toString().replace("length ", ""));
        requireSameBody(decoded, framing, sent);
    }

    /** The head may be one that a strict parser would not take (a reason with control bytes); its body may not. */
    private static void requireSameBody(DecodedMessage decoded, Framing framing, byte[] sent) {
        try {
            Head strict = StrictHttp.response(sent);
            assertThat(strict.framing()).isEqualTo(framing.toString().replace("length ", ""));
            if (!framing.isUntilClose()) {
                decoded.requireSameBody(sent, strict);
            }
        } catch (NotHttp lenient) {
            // What goes to the client has been written anew.
        }
    }
}
