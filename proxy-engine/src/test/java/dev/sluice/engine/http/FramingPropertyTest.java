package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Rewrite;
import dev.sluice.api.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/**
 * Smuggling is two readers who disagree about where a message ends. Here the readers are compared on any mixture of the
 * fields that matter: the decoder that cuts the body out of the bytes, the rules that say how it is framed, and whoever
 * reads the head that was written.
 */
class FramingPropertyTest {

    private static final String BODY = "3\r\nabc\r\n0\r\n\r\n";

    @Property(tries = 3000)
    @StatisticsReport(StatisticsReportMode.OFF)
    void acceptedRequest_endsWhereTheDecoderSaysAndIsReadTheSameUpstream(
            @ForAll("startLines") String startLine, @ForAll("fields") List<String> fields) {
        String raw = startLine + "\r\nHost: a.test\r\n" + String.join("", fields) + "\r\n" + BODY;
        EmbeddedChannel channel = decoded(new HttpRequestDecoder(Wire.config()), raw);
        HttpRequest head = channel.readInbound();
        ClientRequest request;
        try {
            request = Wire.rules(Wire.TRUSTS_NOBODY).accept(head, Peer.plain(Wire.PEER), 1);
        } catch (RefusedHead e) {
            note(false);
            channel.finishAndReleaseAll();
            return;
        }
        note(true);
        assertThat(bodyBytes(channel, request.framing())).isEqualTo(expectedBytes(request.framing()));

        String written = Wire.written(out -> UpstreamHead.write(
                out,
                request,
                Rewrite.NONE,
                Upstream.of("http://u:1"),
                HeaderEdits.NONE,
                List.of(),
                IdentityHeaders.NONE,
                Wire.TRUSTS_NOBODY));
        assertThat(written).matches("[!-~]+ [!-~]+ HTTP/1\\.1\r\n([!-9;-~]+: [^\r\n\\x00]*\r\n)+\r\n");
        ClientRequest read = accepted(written);
        assertThat(read.method()).isEqualTo(request.method());
        assertThat(read.target()).isEqualTo(request.target());
        assertThat(read.authority()).isEqualTo(request.authority());
        assertThat(read.framing()).isEqualTo(request.framing());
        assertThat(read.webSocket()).isEqualTo(request.webSocket());
        assertThat(read.expectsContinue()).isEqualTo(request.expectsContinue());
    }

    @Property(tries = 3000)
    @StatisticsReport(StatisticsReportMode.OFF)
    void acceptedResponse_endsWhereTheDecoderSays(
            @ForAll("statusLines") String statusLine, @ForAll("fields") List<String> fields) {
        String raw = statusLine + "\r\n" + String.join("", fields) + "\r\n" + BODY;
        EmbeddedChannel channel = decoded(new HttpResponseDecoder(Wire.config()), raw);
        HttpResponse head = channel.readInbound();
        Framing framing;
        try {
            framing = ResponseRules.accept(head, accepted("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "GET");
        } catch (RefusedHead e) {
            note(false);
            channel.finishAndReleaseAll();
            return;
        }
        note(true);
        assertThat(bodyBytes(channel, framing)).isEqualTo(expectedBytes(framing));
    }

    /** Fails if nearly all heads are refused, for then nothing would be compared. */
    private static void note(boolean accepted) {
        Statistics.collect(accepted);
        Statistics.coverage(coverage -> coverage.check(true).percentage(percent -> percent > 15));
    }

    private static EmbeddedChannel decoded(ChannelHandler decoder, String raw) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(Unpooled.copiedBuffer(raw, StandardCharsets.ISO_8859_1));
        return channel;
    }

    /** How many bytes of body the decoder delivers before it says that the message has ended, or has no more bytes. */
    private static long bodyBytes(EmbeddedChannel channel, Framing framing) {
        long bytes = 0;
        boolean ended = false;
        while (!ended && channel.inboundMessages().peek() instanceof HttpContent) {
            HttpContent content = channel.readInbound();
            assertThat(content.decoderResult().isSuccess()).isTrue();
            bytes += content.content().readableBytes();
            ended = content instanceof LastHttpContent;
            ReferenceCountUtil.release(content);
        }
        boolean endIsHere = !framing.isUntilClose() && framing.length() <= BODY.length();
        assertThat(ended).isEqualTo(endIsHere);
        channel.finishAndReleaseAll();
        return bytes;
    }

    private static long expectedBytes(Framing framing) {
        if (framing.isChunked()) {
            return 3;
        }
        return framing.isNone()
                ? 0
                : framing.isUntilClose() ? BODY.length() : Math.min(framing.length(), BODY.length());
    }

    private static ClientRequest accepted(String raw) {
        try {
            return Wire.accept(raw);
        } catch (RefusedHead e) {
            throw new AssertionError(raw, e);
        }
    }

    @Provide
    Arbitrary<String> startLines() {
        return Arbitraries.of(
                "GET / HTTP/1.1",
                "POST /a?b HTTP/1.1",
                "GET / HTTP/1.0",
                "PUT http://a.test/x HTTP/1.1",
                "DELETE /%2f HTTP/1.1",
                "OPTIONS * HTTP/1.1",
                "HEAD /../x HTTP/1.1",
                "GET / HTTP/1.2");
    }

    @Provide
    Arbitrary<String> statusLines() {
        return Arbitraries.of(
                "HTTP/1.1 200 OK",
                "HTTP/1.0 200 OK",
                "HTTP/1.1 204 No Content",
                "HTTP/1.1 304 Not Modified",
                "HTTP/1.1 205 Reset",
                "HTTP/1.1 100 Continue",
                "HTTP/1.1 101 Switching",
                "HTTP/1.1 103 Hints",
                "HTTP/1.1 500");
    }

    @Provide
    Arbitrary<List<String>> fields() {
        Arbitrary<String> names = Arbitraries.of(
                "Content-Length",
                "content-length",
                "Content_Length",
                "Content-Length ",
                "Transfer-Encoding",
                "transfer-encoding",
                "Transfer_Encoding",
                "Connection",
                "Upgrade",
                "Expect",
                "TE",
                "Trailer",
                "Sec-WebSocket-Key1",
                "Sec-WebSocket-Key2",
                "Sec-WebSocket-Origin",
                "Sec-WebSocket-Location",
                "Sec-WebSocket-Accept",
                "X",
                "");
        Arbitrary<String> values = Arbitraries.of(
                "0",
                "3",
                "13",
                "013",
                "100",
                "3, 3",
                "+3",
                "",
                " ",
                "chunked",
                "Chunked",
                "chunked ",
                "\u000bchunked",
                "\u000b3",
                "gzip, chunked",
                "chunked,",
                "identity",
                "close",
                "keep-alive",
                "Upgrade",
                "websocket",
                "h2c",
                "100-continue",
                "trailers",
                "Content-Length",
                "Transfer-Encoding",
                "x");
        Arbitrary<String> ends = Arbitraries.frequency(
                Tuple.of(20, "\r\n"),
                Tuple.of(1, "\r\n \r\n"),
                Tuple.of(1, "\r\n ,chunked\r\n"),
                Tuple.of(1, "\n"),
                Tuple.of(1, "\r"));
        Arbitrary<String> likely = Arbitraries.of(
                "Content-Length: 3\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Connection: Upgrade\r\n",
                "Upgrade: websocket\r\n",
                "Expect: 100-continue\r\n",
                "Sec-WebSocket-Key1: x\r\n",
                "Sec-WebSocket-Key2: x\r\n",
                "Sec-WebSocket-Origin: x\r\n",
                "Sec-WebSocket-Location: x\r\n",
                "X: y\r\n");
        Arbitrary<String> any =
                Combinators.combine(names, values, ends).as((name, value, end) -> name + ": " + value + end);
        return Arbitraries.oneOf(likely, any).list().ofMaxSize(5);
    }
}
