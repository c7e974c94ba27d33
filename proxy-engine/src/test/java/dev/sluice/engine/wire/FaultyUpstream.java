package dev.sluice.engine.wire;

import dev.sluice.engine.wire.FaultCell.Fault;
import dev.sluice.engine.wire.FaultCell.Layer;
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
    /** Of a body that nothing but the connection's end delimits (RFC 9112 §6.3). */
    private static final String HEAD_TO_CLOSE = "HTTP/1.1 200 OK\r\n\r\n";

    private static final String HALF = "4\r\nhalf\r\n";
    private static final int MUCH = 64 << 20;

    private final FaultCell cell;
    private final CountDownLatch goOn;
    private final CountDownLatch over = new CountDownLatch(1);
    private final ScriptedUpstream upstream;
    private final Ports.@Nullable Refused refused;
    private final @Nullable FullBacklog full;
    private final CompletableFuture<String> fromTunnel = new CompletableFuture<>();

    /** {@code goOn} is opened when the client has come as far as it can. */
    FaultyUpstream(FaultCell cell, FaultTls tls, CountDownLatch goOn) {
        this.cell = cell;
        this.goOn = goOn;
        this.refused = cell.fault() == Fault.CONNECT_REFUSED ? Ports.refused() : null;
        this.full = cell.fault() == Fault.CONNECT_TIMEOUT ? new FullBacklog() : null;
        boolean handshake = cell.place() == Place.HANDSHAKE;
        if (!cell.secured(Side.UPSTREAM) || (handshake && cell.fault() != Fault.TLS_FAILURE)) {
            this.upstream = ScriptedUpstream.start(this::play);
        } else {
            this.upstream = ScriptedUpstream.startTls(handshake ? tls.unknownUpstream() : tls.upstream(), this::play);
        }
    }

    ScriptedUpstream scripted() {
        return upstream;
    }

    /** Where the proxy is to connect to. */
    String url() {
        String url = refused != null ? refused.url() : full != null ? full.url() : upstream.url();
        return cell.secured(Side.UPSTREAM) ? "https" + url.substring(url.indexOf("://")) : url;
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
        if (cell.secured(Side.UPSTREAM) && cell.place() == Place.HANDSHAKE) {
            return received.contains("Host: h") ? "a request in the clear" : "no request";
        }
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
            case HANDSHAKE -> c.read(mine ? 1 : 0);
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
                c.send(cell.fault() == Fault.CUT ? HEAD_TO_CLOSE : HEAD);
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
            case TLS_FAILURE -> {
                c.sendInTheClear(noRecord());
                if (cell.layer() == Layer.PLAIN) {
                    c.finishSending();
                }
            }
            case CUT -> {
                fromTunnel.complete("gone");
                c.send(half()).cut();
                return;
            }
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

    private String noRecord() {
        if (cell.layer() == Layer.PLAIN) {
            return FaultTls.ALERT;
        }
        boolean head = cell.place() == Place.REQUEST_HEAD || cell.place() == Place.RESPONSE_HEAD;
        return head ? HEAD : FaultTls.BROKEN_RECORD;
    }

    private String half() {
        return switch (cell.place()) {
            case HANDSHAKE -> FaultTls.HALF_A_HELLO;
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
            case HANDSHAKE, REQUEST_HEAD, REQUEST_BODY -> c.send(Scripts.text("ok"));
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
