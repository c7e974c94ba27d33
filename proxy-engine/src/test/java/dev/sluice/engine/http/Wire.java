package dev.sluice.engine.http;

import dev.sluice.api.Network;
import dev.sluice.engine.ProxySettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Bytes through Netty's decoders, set as in production, and bytes out of the writers. */
final class Wire {

    static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 40000);
    static final ForwardedHeaders TRUSTS_NOBODY = new ForwardedHeaders(List.of());

    private Wire() {}

    static HttpRequest request(String raw) {
        return (HttpRequest) decode(new HttpRequestDecoder(config()), raw);
    }

    static HttpResponse response(String raw) {
        return (HttpResponse) decode(new HttpResponseDecoder(config()), raw);
    }

    static HttpDecoderConfig config() {
        return new HttpDecoderConfig().setMaxInitialLineLength(8192).setMaxHeaderSize(32768);
    }

    private static HttpMessage decode(ChannelHandler decoder, String raw) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(Unpooled.copiedBuffer(raw, StandardCharsets.ISO_8859_1));
        HttpMessage head = channel.readInbound();
        if (head == null) {
            throw new AssertionError("no head in: " + raw);
        }
        ReferenceCountUtil.release(head);
        channel.finishAndReleaseAll();
        return head;
    }

    /** Accepts {@code raw} from a peer that is not trusted, over plain TCP. */
    static ClientRequest accept(String raw) throws RefusedHead {
        return accept(raw, PEER, TRUSTS_NOBODY);
    }

    static ClientRequest accept(String raw, InetSocketAddress peer, ForwardedHeaders forwarding) throws RefusedHead {
        return rules(forwarding).accept(request(raw), Peer.plain(peer), 1);
    }

    static RequestRules rules(ForwardedHeaders forwarding) {
        return new RequestRules(ProxySettings.defaults().limits(), forwarding);
    }

    static ForwardedHeaders trusting(String... networks) {
        return new ForwardedHeaders(Stream.of(networks).map(Network::of).toList());
    }

    /** Without the exchange's id, which is in all heads and has tests of its own. */
    static String written(Consumer<ByteBuf> writer) {
        ByteBuf out = Unpooled.buffer();
        writer.accept(out);
        return out.toString(StandardCharsets.ISO_8859_1).replaceFirst("X-Request-Id: [0-9a-z]+-1\r\n", "");
    }

    /** Lines of a head, each ended as HTTP ends them, and the empty one behind them. */
    static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }
}
