package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.engine.http.StrictHttp.Head;
import dev.sluice.engine.http.StrictHttp.NotHttp;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;

/** Whatever follows a head that announces chunks: a strict parser finds the same body, there and in what goes upstream. */
class ChunkedBodyFuzzTest {

    private static final String HEAD = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

    @FuzzTest(maxDuration = "3m")
    void chunks_areReadAndWrittenAsAStrictParserReadsThem(byte[] chunks) throws NotHttp {
        byte[] sent = latin1(HEAD + new String(chunks, StandardCharsets.ISO_8859_1));
        DecodedMessage decoded = DecodedMessage.of(new HttpRequestDecoder(Wire.config()), sent);
        decoded.requireSameBody(sent, StrictHttp.request(sent));
        if (!decoded.ended() || decoded.broken()) {
            return;
        }
        byte[] forwarded = latin1(HEAD
                + Wire.written(out -> {
                    if (decoded.body().length > 0) {
                        ChunkedBody.writeChunkHead(out, decoded.body().length);
                        out.writeBytes(decoded.body());
                        ChunkedBody.writeChunkEnd(out);
                    }
                    ChunkedBody.writeLast(out, decoded.trailers(), IdentityHeaders.NONE);
                }));
        Head strict = StrictHttp.request(forwarded);
        StrictHttp.Body body = StrictHttp.body(forwarded, strict).orElseThrow();
        assertThat(body.bytes()).isEqualTo(decoded.body());
        assertThat(body.end()).as("nothing behind the end").isEqualTo(forwarded.length);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
