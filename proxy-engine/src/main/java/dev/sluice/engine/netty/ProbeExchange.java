package dev.sluice.engine.netty;

import dev.sluice.api.Probe;
import dev.sluice.api.ProxyFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A probe's question, once, on a connection of its own that is closed with the head of the answer. Confined to its event loop. */
final class ProbeExchange implements UpstreamListener {

    private final Probe probe;
    private final ConnectionPool pool;
    private final Consumer<@Nullable String> answer;
    private final Future<?> deadline;
    private @Nullable UpstreamConnection connection;
    private boolean over;

    /** @param answer is told, once, why the upstream is not well; null if it is */
    ProbeExchange(Probe probe, ConnectionPool pool, Consumer<@Nullable String> answer) {
        this.probe = probe;
        this.pool = pool;
        this.answer = answer;
        long millis = probe.timeout().toMillis();
        this.deadline =
                pool.loop().schedule(() -> end("no response within " + millis + " ms"), millis, TimeUnit.MILLISECONDS);
    }

    void start() {
        try {
            pool.acquire(probe.upstream(), true, probe.timeout()).whenComplete((side, failure) -> {
                if (failure != null) {
                    end(LogText.of(failure));
                } else if (over) {
                    side.discard();
                } else {
                    send((UpstreamConnection) side);
                }
            });
        } catch (RuntimeException e) { // no thread is free to look the name up
            end(LogText.of(e));
        }
    }

    /** Nobody wants to know any more. */
    void cancel() {
        over = true;
        deadline.cancel(false);
        if (connection != null) {
            connection.discard();
        }
    }

    private void end(@Nullable String reason) {
        if (!over) {
            cancel();
            answer.accept(reason);
        }
    }

    private void send(UpstreamConnection to) {
        connection = to;
        to.begin(this, "GET", null);
        ByteBuf out = to.channel().alloc().buffer(256);
        ByteBufUtil.writeAscii(
                out,
                "GET " + probe.path() + " HTTP/1.1\r\nHost: " + probe.host()
                        + "\r\nUser-Agent: sluice-probe\r\nConnection: close\r\n\r\n");
        to.channel().writeAndFlush(out, to.channel().voidPromise());
    }

    @Override
    public void onInterimReply(UpstreamReply head) {
        // the final one follows
    }

    @Override
    public void onReply(UpstreamReply head) {
        int status = head.status();
        boolean well = probe.expect().isPresent() ? status == probe.expect().getAsInt() : status >= 200 && status < 400;
        end(well ? null : "status " + status);
    }

    @Override
    public void onReplyBody(ByteBuf content) {
        content.release();
    }

    @Override
    public void onReplyEnd(HttpHeaders trailers) {
        // the head has said it all
    }

    @Override
    public void onReplyReadComplete() {
        if (connection != null && !over) {
            connection.channel().read();
        }
    }

    @Override
    public void onUpstreamWritable() {
        // the whole question was written at once
    }

    @Override
    public void onReplyFailed(Kind kind, @Nullable Throwable cause) {
        end(cause == null ? kind.toString().toLowerCase(Locale.ROOT) : LogText.of(cause));
    }
}
