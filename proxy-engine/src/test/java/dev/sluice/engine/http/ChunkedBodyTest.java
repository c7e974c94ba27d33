package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedBodyTest {

    private static final IdentityHeaders IDENTITY = IdentityHeaders.of(List.of("X-Px-User"));

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 15, 16, 255, 256, 4095, 65536, 0x00abcdef, Integer.MAX_VALUE})
    void chunkHead_isTheSizeInHexadecimal(int size) {
        assertThat(Wire.written(out -> ChunkedBody.writeChunkHead(out, size)))
                .isEqualTo(Integer.toHexString(size) + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void chunkWithoutData_isRefusedForItWouldEndTheBody(int size) {
        assertThatThrownBy(() -> Wire.written(out -> ChunkedBody.writeChunkHead(out, size)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void end_passesHarmlessTrailersOnly() {
        HttpHeaders trailers = new DefaultHttpHeaders();
        for (String name : List.of(
                "Content-Length",
                "Transfer-Encoding",
                "Host",
                "Authorization",
                "Cookie",
                "Set-Cookie",
                "Connection",
                "Keep-Alive",
                "Upgrade",
                "TE",
                "Trailer",
                "Expect",
                "X-Px-User",
                "x_px.user",
                "X-Forwarded-For",
                "Forwarded",
                "X-Real-IP",
                "Content-Type",
                "Content-Encoding",
                "Content-Range",
                "Location",
                "Cache-Control",
                "WWW-Authenticate",
                "Proxy-Authorization",
                "Range",
                "If-Match",
                "Via")) {
            trailers.add(name, "x");
        }
        trailers.add("X-Checksum", "1").add("Server-Timing", "2").add("x-checksum", "3");
        assertThat(Wire.written(out -> ChunkedBody.writeLast(out, trailers, IDENTITY)))
                .isEqualTo("0\r\nX-Checksum: 1\r\nServer-Timing: 2\r\nx-checksum: 3\r\n\r\n");
    }

    @Test
    void endWithoutTrailers_isFiveBytes() {
        assertThat(Wire.written(out -> ChunkedBody.writeLast(out, EmptyHttpHeaders.INSTANCE, IDENTITY)))
                .isEqualTo("0\r\n\r\n");
    }
}
