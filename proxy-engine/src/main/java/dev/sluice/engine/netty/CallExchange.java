package dev.sluice.engine.netty;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.api.Upstream;
import dev.sluice.api.spi.HttpCalls.Call;
import dev.sluice.api.spi.HttpCalls.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of a plugin: a small request, and its reply gathered up to a limit. Confined to its event loop. */
final class CallExchange implements UpstreamListener {

    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding", "connection", "upgrade");

    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    private final Call call;
    private final Upstream upstream;
    private final ConnectionPool pool;
    private final CompletableFuture<Reply> reply;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private @Nullable UpstreamConnection connection;
    private int status;
    private List<Map.Entry<String, String>> headers = List.of();

    CallExchange(Call call, Upstream upstream, ConnectionPool pool, CompletableFuture<Reply> reply) {
        this.call = call;
        this.upstream = upstream;
        this.pool = pool;
        this.reply = reply;
    }

    void start(boolean fresh) {
        pool.acquire(upstream, fresh, call.timeout()).whenComplete((side, failure) -> {
            if (failure != null) {
                fail(failure);
            } else if (reply.isDone()) {
                side.discard();
            } else {
                send((UpstreamConnection) side);
            }
        });
    }

    /** The connection is closed unless the whole reply has come. */
    void fail(Throwable cause) {
        UpstreamConnection broken = connection;
        connection = null;
        if (broken != null) {
            broken.discard();
        }
        reply.completeExceptionally(new IOException(call + ": " + cause.getMessage(), cause));
    }

    private void send(UpstreamConnection to) {
        StringBuilder head;
        try {
            head = head();
        } catch (IllegalArgumentException e) {
            to.discard();
            fail(e);
            return;
        }
        connection = to;
        to.begin(this, call.method(), null);
        ByteBuf out = to.channel().alloc().buffer(512);
        ByteBufUtil.writeAscii(out, head);
        out.writeBytes(call.body());
        to.channel().writeAndFlush(out, to.channel().voidPromise());
        to.requestSent();
    }

    private StringBuilder head() {
        if (!call.method().matches(TOKEN)) {
            throw new IllegalArgumentException("method (expected: a token, RFC 9110 §9.1)");
        }
        String path = call.uri().getRawPath();
        StringBuilder head = new StringBuilder(256);
        head.append(call.method()).append(' ').append(path == null || path.isEmpty() ? "/" : path);
        if (call.uri().getRawQuery() != null) {
            head.append('?').append(call.uri().getRawQuery());
        }
        head.append(" HTTP/1.1\r\n");
        if (call.headers().stream().noneMatch(h -> h.getKey().equalsIgnoreCase("Host"))) {
            head.append("Host: ").append(upstream.authority()).append("\r\n");
        }
        for (Map.Entry<String, String> field : call.headers()) {
            append(head, field.getKey(), field.getValue());
        }
        boolean mayHaveBody = !call.method().equals("GET") && !call.method().equals("HEAD");
        if (mayHaveBody || call.body().length > 0) {
            head.append("Content-Length: ").append(call.body().length).append("\r\n");
        }
        return head.append("\r\n");
    }

    /** A plugin may pass on what a client sent: nothing of it may become a header, or a request, of its own. */
    private static void append(StringBuilder head, String name, String value) {
        boolean clean = value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t' || (c > 0x7f && c <= 0xff))
                && name.matches(TOKEN);
        if (!clean || FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header " + name.replaceAll("[^\\x20-\\x7e]", "?")
                    + " (expected: a field without control characters that is not framing)");
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    @Override
    public void onInterimReply(UpstreamReply head) {
        // nothing was asked that an interim reply could answer
    }

    @Override
    public void onReply(UpstreamReply head) {
        status = head.status();
        headers = head.message().headers().entries();
    }

    @Override
    public void onReplyBody(ByteBuf content) {
        if (body.size() + content.readableBytes() > call.maxReplyBytes()) {
            fail(new IOException("reply larger than " + call.maxReplyBytes() + " bytes"));
        } else {
            body.writeBytes(ByteBufUtil.getBytes(content));
        }
        content.release();
    }

    @Override
    public void onReplyEnd(HttpHeaders trailers) {
        UpstreamConnection done = Objects.requireNonNull(connection);
        connection = null;
        done.release();
        reply.complete(new Reply(status, headers, body.toByteArray()));
    }

    @Override
    public void onReplyReadComplete() {
        if (connection != null) {
            connection.channel().read();
        }
    }

    @Override
    public void onUpstreamWritable() {
        // the whole call was written at once
    }

    @Override
    public void onReplyFailed(Kind kind, @Nullable Throwable cause) {
        UpstreamConnection lost = connection;
        boolean again = lost != null && lost.reused() && status == 0 && isIdempotent();
        if (kind == Kind.UPSTREAM_CLOSED && again) {
            connection = null;
            start(true);
        } else {
            fail(cause != null ? cause : new IOException(kind.toString().toLowerCase(Locale.ROOT)));
        }
    }

    private boolean isIdempotent() {
        return !call.method().equals("POST") && !call.method().equals("PATCH");
    }
}
