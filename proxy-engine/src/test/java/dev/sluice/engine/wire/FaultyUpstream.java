package dev.sluice.engine.wire;

import dev.sluice.engine.wire.FaultCell.Fault;
import dev.sluice.engine.wire.FaultCell.Place;
import dev.sluice.engine.wire.FaultCell.Side;
import dev.sluice.testkit.wire.Ports;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.Scripts;
import dev.sluice.testkit.wire.UpstreamConnection;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The upstream of one cell: goes as far as the cell's place, goes wrong there if the cell says so, and tells what it saw. */
final class FaultyUpstream implements AutoCloseable {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String HALF = "4\r\nhalf\r\n";
    private static final int MUCH = 64 << 20;

    private final FaultCell cell;
    private final CountDownLatch goOn;
    private final CountDownLatch over = new CountDownLatch(1);
    private final ScriptedUpstream upstream = ScriptedUpstream.start(this::play);
    private final Ports.@Nullable Refused refused;
    private final @Nullable FullBacklog full;
    private final CompletableFuture<String> fromTunnel = new CompletableFuture<>();

    /** {@code goOn} is opened when the client has come as far as it can. */
    FaultyUpstream(FaultCell cell, CountDownLatch goOn) {
        this.cell = cell;
        this.goOn = goOn;
        this.refused = cell.fault() == Fault.CONNECT_REFUSED ? Ports.refused() : null;
        this.full = cell.fault() == Fault.CONNECT_TIMEOUT ? new FullBacklog() : null;
    }

    ScriptedUpstream scripted() {
        return upstream;
    }

    /** Where the proxy is to connect to. */
    String url() {
        return refused != null ? refused.url() : full != null ? full.url() : upstream.url();
    }

    /** Lets an upstream that stalls go. */
    void release() {
        over.countDown();
    }

    /** What has come, in words. */
    String seen() throws Exception {
        if (cell.place() == Place.TUNNEL) {
            return fromTunnel.get(10, TimeUnit.SECONDS);
        }
        if (upstream.connections().isEmpty()) {
            return "no connection";
        }
        String received = upstream.received();
        int body = received.indexOf("\r\n\r\n") + 4;
        if (body < 4) {
            return received.isEmpty() ? "no request" : "half a head";
        }
        boolean whole = received.startsWith("GET") || received.endsWith("\r\n0\r\n\r\n");
        return whole ? "a request" : body == received.length() ? "a head" : "half a body";
    }

    private void play(UpstreamConnection c) throws Exception {
        boolean mine = cell.side() == Side.UPSTREAM;
        switch (cell.place()) {
            case REQUEST_HEAD -> {
                if (!mine) {
                    c.readRequest();
                } else if (cell.fault() == Fault.RESET) {
                    c.read(1); // else the proxy may not know yet that the connection stood
                }
            }
            case REQUEST_BODY -> {
                if (!mine) {
                    c.readRequest();
                } else {
                    c.readHead();
                    c.read(cell.fault() == Fault.EARLY_CLOSE ? 0 : HALF.length());
                }
            }
            case RESPONSE_HEAD -> c.readRequest();
            case RESPONSE_BODY -> {
                c.readRequest();
                c.send(HEAD);
            }
            case TUNNEL -> c.send(WebSocketHandshake.accept(c.readHead()));
        }
        if (mine) {
            if (cell.place() == Place.RESPONSE_BODY || cell.place() == Place.TUNNEL) {
                c.stallUntil(goOn);
            }
            misbehave(c);
        } else {
            behave(c);
        }
    }

    private void misbehave(UpstreamConnection c) throws Exception {
        switch (cell.fault()) {
            case STALL -> c.send(half());
            case RESET -> {
                fromTunnel.complete("gone");
                c.reset();
                return;
            }
            case GARBAGE -> c.send(cell.place() == Place.TUNNEL ? TunnelBytes.GARBAGE : "SSH-2.0-garbage\r\n\r\n");
            case TRUNCATED, EARLY_CLOSE -> {
                fromTunnel.complete("gone");
                c.send(cell.fault() == Fault.TRUNCATED ? half() : "").close();
                return;
            }
            case HALF_CLOSE -> c.send(half()).finishSending();
            default -> throw new AssertionError(cell);
        }
        if (cell.place() == Place.TUNNEL) {
            if (cell.fault() == Fault.GARBAGE) {
                c.finishSending();
            }
            fromTunnel.complete(TunnelBytes.seen(() -> c.read(1)[0]));
        } else if (cell.fault() == Fault.STALL) {
            c.stallUntil(over);
        } else {
            c.readToEnd();
        }
    }

    private String half() {
        return switch (cell.place()) {
            case REQUEST_HEAD, REQUEST_BODY -> ""; // an upstream sends nothing there
            case RESPONSE_HEAD -> cell.fault() == Fault.HALF_CLOSE ? "" : "HTTP/1.1 200 OK\r\nContent-Le";
            case RESPONSE_BODY -> HALF;
            case TUNNEL -> cell.fault() == Fault.HALF_CLOSE ? "" : TunnelBytes.half(false);
        };
    }

    /** Where the client goes wrong. */
    private void behave(UpstreamConnection c) throws Exception {
        boolean answers = cell.fault() == Fault.GARBAGE;
        switch (cell.place()) {
            case REQUEST_HEAD, REQUEST_BODY -> c.send(Scripts.text("ok"));
            case RESPONSE_HEAD -> {
                if (answers) {
                    c.stallUntil(goOn).send(Scripts.text("ok"));
                }
            }
            case RESPONSE_BODY -> {
                if (cell.fault() == Fault.STALL) {
                    c.send(Integer.toHexString(MUCH) + "\r\n").sendPattern(MUCH);
                } else if (answers) {
                    c.stallUntil(goOn).send(HALF + "0\r\n\r\n");
                }
            }
            case TUNNEL -> fromTunnel.complete(TunnelBytes.seen(() -> c.read(1)[0]));
        }
        if (cell.place() != Place.TUNNEL) {
            c.awaitEnd();
        }
    }

    @Override
    public void close() {
        try (full;
                refused) {
            upstream.close();
        }
    }
}
