package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The first message that Netty's decoder makes of some bytes.
 *
 * @param head null if the bytes do not hold a whole one
 * @param ended whether the body came to its end
 * @param broken whether the body turned out to be none
 */
record DecodedMessage(@Nullable HttpMessage head, byte[] body, HttpHeaders trailers, boolean ended, boolean broken) {

    /** Requires that {@code strict} finds the same body and the same end; it may not find one where the decoder found none. */
    void requireSameBody(byte[] sent, StrictHttp.Head strict) {
        Optional<StrictHttp.Body> expected;
        try {
            expected = StrictHttp.body(sent, strict);
        } catch (StrictHttp.NotHttp e) {
            assertThat(ended && !broken).as(String.valueOf(e.getMessage())).isFalse();
            return;
        }
        if (!broken) {
            assertThat(ended).isEqualTo(expected.isPresent());
            expected.ifPresent(found -> assertThat(body).isEqualTo(found.bytes()));
        }
    }

    static DecodedMessage of(ChannelHandler decoder, byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        HttpMessage head = null;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
        boolean ended = false;
        boolean broken = false;
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            if (next instanceof HttpMessage message) {
                if (head != null) {
                    ReferenceCountUtil.release(next);
                    break; // the next one
                }
                head = message;
            }
            if (next instanceof HttpContent content) {
                broken |= content.decoderResult().isFailure();
                body.writeBytes(ByteBufUtil.getBytes(content.content()));
                if (content instanceof LastHttpContent last) {
                    ended = true;
                    trailers = last.trailingHeaders();
                }
            }
            ReferenceCountUtil.release(next);
            if (ended) {
                break;
            }
        }
        channel.finishAndReleaseAll();
        return new DecodedMessage(head, body.toByteArray(), trailers, ended, broken);
    }
}
