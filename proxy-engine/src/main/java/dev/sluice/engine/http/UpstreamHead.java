package dev.sluice.engine.http;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HostPolicy;
import dev.sluice.api.Rewrite;
import dev.sluice.api.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The head that the upstream gets. */
public final class UpstreamHead {

    private static final AsciiString HOST = AsciiString.cached("Host");
    private static final AsciiString COOKIE = AsciiString.cached("Cookie");
    private static final AsciiString EXPECT = AsciiString.cached("Expect");
    private static final AsciiString TE = AsciiString.cached("TE");
    private static final AsciiString VERSION = AsciiString.cached(" HTTP/1.1\r\n");

    private UpstreamHead() {}

    /**
     * Writes the whole head: the client's fields first, in order and less what must not pass; then what the proxy adds, so
     * that nothing that the client sent can remove or replace it; framing last.
     *
     * @param ownEdits the proxy's, such as the authenticator's; those of {@code rewrite} are applied after them
     * @param cookieLines what the cookie merger left; joined to one field, none if all are empty
     * @throws IllegalArgumentException if a cookie line could end the field; {@code out} then holds a part of the head
     */
    public static void write(
            ByteBuf out,
            ClientRequest request,
            Rewrite rewrite,
            Upstream upstream,
            HeaderEdits ownEdits,
            List<String> cookieLines,
            IdentityHeaders identity,
            ForwardedHeaders forwarding) {
        Edits edits = Edits.of(ownEdits, rewrite.headers());
        boolean streams = rewrite.body() == Rewrite.Body.STREAM;
        boolean webSocket = request.webSocket() && streams;

        HeadWriter.text(out, rewrite.method().isPresent() ? rewrite.method().get() : request.method());
        out.writeByte(' ');
        HeadWriter.text(out, rewrite.target().isPresent() ? rewrite.target().get() : request.target());
        HeadWriter.text(out, VERSION);
        HeadWriter.field(out, HOST, host(rewrite.host(), request, upstream));

        writeReceived(out, request, edits, identity);
        writeCookies(out, cookieLines);
        edits.write(out);
        forwarding.write(out, request, edits);
        HeadWriter.requestId(out, request, edits);
        HeadWriter.via(out, request.http10());
        if (webSocket) {
            HeadWriter.webSocket(out);
        } else if (request.acceptsTrailers()) {
            // TE is for one connection only and must say so (RFC 9110 §10.1.4).
            HeadWriter.field(out, TE, "trailers");
            HeadWriter.field(out, HeadWriter.CONNECTION, TE);
        }
        if (streams) {
            if (request.expectsContinue()) {
                HeadWriter.field(out, EXPECT, "100-continue");
            }
            HeadWriter.framing(out, request.framing());
        }
        HeadWriter.endLine(out);
    }

    private static String host(HostPolicy policy, ClientRequest request, Upstream upstream) {
        if (policy instanceof HostPolicy.Fixed fixed) {
            return fixed.authority();
        }
        return policy instanceof HostPolicy.Target ? upstream.authority() : request.authority();
    }

    private static void writeReceived(ByteBuf out, ClientRequest request, Edits edits, IdentityHeaders identity) {
        HttpHeaders headers = request.rawHeaders();
        ConnectionOptions connection = request.connection();
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            CharSequence name = field.getKey();
            boolean passes = switch (FieldKind.of(name)) {
                case END_TO_END, AUTHORIZATION, VIA, SET_COOKIE -> true;
                case FORWARDED_DETAIL -> request.peerTrusted() && FoldedNames.isPlain(name);
                default -> false;
            };
            if (passes && !connection.nominates(name) && !identity.matches(name) && !edits.replace(name)) {
                HeadWriter.receivedField(out, name, field.getValue());
            }
        }
    }

    private static void writeCookies(ByteBuf out, List<String> lines) {
        boolean begun = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isEmpty()) {
                continue;
            }
            if (begun) {
                HeadWriter.text(out, "; ");
            } else {
                HeadWriter.name(out, COOKIE);
                begun = true;
            }
            HeadWriter.uncheckedValue(out, line);
        }
        if (begun) {
            HeadWriter.endLine(out);
        }
    }
}
