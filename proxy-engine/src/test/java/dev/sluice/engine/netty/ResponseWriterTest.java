package dev.sluice.engine.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.engine.http.Framing;
import dev.sluice.engine.http.IdentityHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResponseWriterTest {

    private final EmbeddedChannel client = new EmbeddedChannel();
    private final ResponseWriter writer = new ResponseWriter(client);

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
    }

    @Test
    void shortBody_goesOutInOnePieceWithItsHead() {
        writer.head(text("head "), Framing.length(4));
        writer.body(text("bo"));
        writer.body(text("dy"));
        end();

        assertEquals(List.of("head body"), written());
    }

    @Test
    void longBody_isNotCopied() {
        ByteBuf body = text("b".repeat(1025));
        writer.head(text("head "), Framing.length(1025));
        writer.body(body.retain());
        end();

        assertEquals("head ", taken(client.readOutbound()));
        assertEquals(body, client.readOutbound());
        body.release(2);
    }

    @Test
    void shortBodyThatIsLate_doesNotHoldItsHeadBack() {
        writer.head(text("head "), Framing.length(4));
        writer.flush();
        assertEquals(List.of("head "), written());

        writer.body(text("body"));
        end();
        assertEquals(List.of("body"), written());
    }

    @Test
    void nextResponse_startsAnew() {
        writer.head(text("1"), Framing.CHUNKED);
        writer.body(text("a"));
        end();
        writer.head(text("2"), Framing.length(1));
        writer.body(text("b"));
        end();

        assertEquals("11\r\na\r\n0\r\n\r\n2b", String.join("", written()));
    }

    private void end() {
        writer.end(EmptyHttpHeaders.INSTANCE, IdentityHeaders.NONE);
        writer.flush();
    }

    private List<String> written() {
        List<String> written = new ArrayList<>();
        for (ByteBuf out = client.readOutbound(); out != null; out = client.readOutbound()) {
            written.add(taken(out));
        }
        return written;
    }

    private static String taken(ByteBuf bytes) {
        String text = bytes.toString(US_ASCII);
        bytes.release();
        return text;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, US_ASCII);
    }
}
