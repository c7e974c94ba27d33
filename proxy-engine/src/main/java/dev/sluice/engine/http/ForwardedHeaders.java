package dev.sluice.engine.http;

import dev.sluice.api.Network;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is believed and what is told about the way of a request. One policy:
 *
 * <ul>
 *   <li>What an untrusted hop said is dropped, even if a trusted one relays it. From an untrusted peer that is every
 *       forwarding header; from a trusted one it is the part of {@code X-Forwarded-For} left of the first address, read
 *       from the right, that is not trusted: that address is the client.
 *   <li>From a trusted peer {@code X-Forwarded-For}, {@code -Proto} and {@code -Host} are believed (of several values the
 *       last, which the nearest proxy wrote), and {@code -Port} and {@code -Prefix} are passed on. {@code Forwarded},
 *       {@code X-Real-IP} and their like are not believed: proxies that write {@code X-Forwarded-*} let a client's
 *       {@code Forwarded} through.
 *   <li>The upstream is told what was decided on: {@code X-Forwarded-For}, {@code -Host}, {@code -Proto} and
 *       {@code Forwarded} (RFC 7239) are written anew from the request's own values, and {@code Via} is added to.
 * </ul>
 */
public final class ForwardedHeaders {

    private static final AsciiString X_FORWARDED_FOR = AsciiString.cached("X-Forwarded-For");
    private static final AsciiString X_FORWARDED_HOST = AsciiString.cached("X-Forwarded-Host");
    private static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("X-Forwarded-Proto");
    private static final AsciiString FORWARDED = AsciiString.cached("Forwarded");

    private final List<Network> trusted;

    /** @param trusted the networks of the proxies in front of this one; empty trusts nobody */
    public ForwardedHeaders(List<Network> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /**
     * What is known of a request's way.
     *
     * @param chain client first, peer last; null if the peer is not trusted, and then it is the client
     */
    record Origin(
            InetAddress client,
            String scheme,
            String authority,
            @Nullable List<InetAddress> chain) {}

    Origin derive(HttpHeaders headers, InetSocketAddress peer, boolean tls, String authority) throws RefusedHead {
        String scheme = tls ? "https" : "http";
        InetAddress address = peer.getAddress();
        if (!isTrusted(address)) {
            return new Origin(address, scheme, authority, null);
        }
        String host = last(headers.getAll(X_FORWARDED_HOST));
        if (!host.isEmpty() && !Authority.isValid(host)) {
            throw new RefusedHead(400, "X-Forwarded-Host is not a host.");
        }
        String proto = last(headers.getAll(X_FORWARDED_PROTO));
        List<InetAddress> chain = chain(headers.getAll(X_FORWARDED_FOR), address);
        return new Origin(
                chain.get(0), proto.isEmpty() ? scheme : scheme(proto), host.isEmpty() ? authority : host, chain);
    }

    private boolean isTrusted(InetAddress address) {
        for (int i = 0; i < trusted.size(); i++) {
            if (trusted.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Some proxies name the protocol of a WebSocket by its own scheme. */
    private static String scheme(String proto) throws RefusedHead {
        return switch (proto.toLowerCase(Locale.ROOT)) {
            case "http", "ws" -> "http";
            case "https", "wss" -> "https";
            default -> throw new RefusedHead(400, "X-Forwarded-Proto is neither http nor https.");
        };
    }

    /** The client, the trusted proxies behind it, the peer. */
    private List<InetAddress> chain(List<String> lines, InetAddress peer) throws RefusedHead {
        Deque<InetAddress> chain = new ArrayDeque<>();
        chain.addFirst(peer);
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int end = line.length();
            while (end >= 0) {
                int comma = line.lastIndexOf(',', end - 1);
                String entry = line.substring(comma + 1, end).strip();
                InetAddress hop = entry.isEmpty() ? null : AddressText.parse(entry);
                if (hop == null && !(entry.isEmpty() && line.isBlank())) {
                    throw new RefusedHead(400, "X-Forwarded-For has an entry that is not an address.");
                }
                if (hop != null) {
                    chain.addFirst(hop);
                    if (!isTrusted(hop)) {
                        return List.copyOf(chain);
                    }
                }
                end = comma;
            }
        }
        return List.copyOf(chain);
    }

    private static String last(List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        String line = lines.get(lines.size() - 1);
        return line.substring(line.lastIndexOf(',') + 1).strip();
    }

    /** Writes the fields that tell the upstream, less those that {@code edits} take over. */
    void write(ByteBuf out, ClientRequest request, Edits edits) {
        List<InetAddress> chain = request.chain();
        InetAddress client = request.client();
        if (!edits.replace(X_FORWARDED_FOR)) {
            HeadWriter.name(out, X_FORWARDED_FOR);
            AddressText.write(out, client);
            for (int i = 1; chain != null && i < chain.size(); i++) {
                HeadWriter.text(out, ", ");
                AddressText.write(out, chain.get(i));
            }
            HeadWriter.endLine(out);
        }
        if (!edits.replace(X_FORWARDED_HOST)) {
            HeadWriter.field(out, X_FORWARDED_HOST, request.authority());
        }
        if (!edits.replace(X_FORWARDED_PROTO)) {
            HeadWriter.field(out, X_FORWARDED_PROTO, request.scheme());
        }
        if (!edits.replace(FORWARDED)) {
            HeadWriter.name(out, FORWARDED);
            HeadWriter.text(out, "for=");
            AddressText.writeNode(out, client);
            HeadWriter.text(out, ";host=\"");
            HeadWriter.text(out, request.authority());
            HeadWriter.text(out, "\";proto=");
            HeadWriter.text(out, request.scheme());
            for (int i = 1; chain != null && i < chain.size(); i++) {
                HeadWriter.text(out, ", for=");
                AddressText.writeNode(out, chain.get(i));
            }
            HeadWriter.endLine(out);
        }
    }
}
