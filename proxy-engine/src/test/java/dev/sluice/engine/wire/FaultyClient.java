package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.engine.wire.FaultCell.Fault;
import dev.sluice.engine.wire.FaultCell.Layer;
import dev.sluice.engine.wire.FaultCell.Place;
import dev.sluice.engine.wire.FaultCell.Side;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.WebSocketClient;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** The client of one cell: goes as far as the cell's place, goes wrong there if the cell says so, and tells what it sees. */
final class FaultyClient {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\n";
    private static final String HALF = "4\r\nhalf\r\n";
    private static final int MUCH = 64 << 20;

    private final FaultCell cell;
    private final FaultTls tls;
    private final ScriptedUpstream upstream;
    private final CountDownLatch goOn;

    FaultyClient(FaultCell cell, FaultTls tls, ScriptedUpstream upstream, CountDownLatch goOn) {
        this.cell = cell;
        this.tls = tls;
        this.upstream = upstream;
        this.goOn = goOn;
    }

    /** Plays the client's part. {@code gone} if it has left and sees no more. */
    String play(InetSocketAddress proxy) {
        if (!cell.secured(Side.CLIENT)) {
            return play(RawClient.connect(proxy));
        } else if (cell.place() != Place.HANDSHAKE) {
            return play(RawClient.connect(proxy, tls.client()));
        } else if (cell.fault() != Fault.TLS_FAILURE) {
            return play(RawClient.connect(proxy));
        }
        assertThatThrownBy(() -> RawClient.connect(proxy, tls.distrustingClient()))
                .hasCauseInstanceOf(SSLHandshakeException.class);
        return "gone";
    }

    private String play(RawClient client) {
        try (client) {
            return cell.place() == Place.TUNNEL ? tunnel(client) : exchange(client);
        }
    }

    private String exchange(RawClient client) {
        boolean mine = cell.side() == Side.CLIENT;
        RawReply head = null;
        switch (cell.place()) {
            case HANDSHAKE, REQUEST_HEAD -> client.send(mine ? "" : GET);
            case REQUEST_BODY -> upload(client, mine);
            case RESPONSE_HEAD -> {
                client.send(GET);
                upstream.awaitRequest(1); // else the fault may overtake it
            }
            default -> {
                // Who has said that it sends no more is still to see whether the response was whole; but with TLS its
                // word
                // may be answered with one at once (RFC 5246 §7.2.1).
                boolean http10 = cell.fault() == Fault.HALF_CLOSE && !cell.secured(Side.CLIENT);
                head = client.send(http10 ? GET.replace("1.1", "1.0") : GET).readReplyHead();
            }
        }
        if (mine && !misbehave(client)) {
            return "gone";
        }
        goOn.countDown();
        String seen = head == null ? reply(client) : body(client, head);
        boolean more = mine && cell.fault() == Fault.GARBAGE && seen.equals("200");
        return more ? seen + ", " + reply(client) : seen;
    }

    private void upload(RawClient client, boolean mine) {
        boolean much = !mine && cell.fault() == Fault.STALL;
        client.send(POST + (much ? "Content-Length: " + MUCH : "Transfer-Encoding: chunked") + "\r\n\r\n");
        if (much) {
            Thread sender = new Thread(() -> sendMuch(client), "upload");
            sender.setDaemon(true);
            sender.start();
        } else if (mine) {
            upstream.awaitRequest(1);
        } else if (cell.fault() != Fault.EARLY_CLOSE) {
            client.send(HALF);
        }
    }

    private void sendMuch(RawClient client) {
        try {
            client.sendPattern(MUCH);
        } catch (UncheckedIOException cut) {
            // as it should be
        }
    }

    /** Whether the client is still there afterwards. */
    private boolean misbehave(RawClient client) {
        switch (cell.fault()) {
            case STALL -> {
                client.send(half());
                if (cell.place() == Place.RESPONSE_BODY) {
                    upstream.awaitNoOpenConnection(); // what is due from a client there is to read
                }
            }
            case RESET -> client.reset();
            case GARBAGE -> client.send(garbage());
            case TLS_FAILURE -> client.sendInTheClear(noRecord());
            case TRUNCATED -> client.send(half()).close();
            case EARLY_CLOSE -> client.close();
            case HALF_CLOSE -> client.send(half()).finishSending();
            case CUT -> client.send(half()).cut();
            default -> throw new AssertionError(cell);
        }
        return switch (cell.fault()) {
            case STALL, GARBAGE, TLS_FAILURE, HALF_CLOSE -> true;
            default -> false;
        };
    }

    private String half() {
        return switch (cell.place()) {
            case HANDSHAKE -> FaultTls.HALF_A_HELLO;
            case REQUEST_HEAD -> "GET / HTTP/1.1\r\nHo";
            case REQUEST_BODY -> HALF;
            case RESPONSE_HEAD, RESPONSE_BODY -> ""; // the request has been sent
            case TUNNEL -> cell.fault() == Fault.HALF_CLOSE ? "" : TunnelBytes.half(true);
        };
    }

    private String garbage() {
        return switch (cell.place()) {
            case HANDSHAKE -> GET;
            case REQUEST_BODY -> "zz\r\n";
            case TUNNEL -> TunnelBytes.GARBAGE;
            default -> "\u0001\u0002\u0003\r\n\r\n";
        };
    }

    private String noRecord() {
        if (cell.layer() == Layer.PLAIN) {
            return FaultTls.HELLO;
        }
        boolean head = cell.place() == Place.REQUEST_HEAD || cell.place() == Place.RESPONSE_HEAD;
        return head ? GET : FaultTls.BROKEN_RECORD;
    }

    private String tunnel(RawClient client) {
        WebSocketClient.on(client.send(WebSocketHandshake.request("h", "/")));
        goOn.countDown();
        boolean mine = cell.side() == Side.CLIENT;
        if (mine && !misbehave(client)) {
            return "gone";
        }
        if (mine && cell.fault() == Fault.GARBAGE) {
            client.finishSending();
        }
        return TunnelBytes.seen(() -> client.read(1)[0]);
    }

    /** The next response: its status, whether it was cut short, and whether the connection closes behind it. */
    private String reply(RawClient client) {
        RawReply head;
        try {
            head = client.readReplyHead();
        } catch (AssertionError e) {
            requireEnd(e);
            return "closed";
        }
        return body(client, head);
    }

    private String body(RawClient client, RawReply head) {
        try {
            client.readBodyDigest(head);
        } catch (AssertionError e) {
            requireEnd(e);
            boolean closeNotify = cell.secured(Side.CLIENT) && e.getCause() instanceof EOFException;
            boolean inOrder = closeNotify && cell.fault() != Fault.HALF_CLOSE;
            return head.status() + (inOrder ? " ended in order" : " cut");
        }
        if ("close".equals(head.header("Connection"))) {
            client.expectClosed();
            return head.status() + ", closed";
        }
        return "" + head.status();
    }

    /** By FIN, by RST or by TLS's alert: which of them depends on what was on its way. */
    private static void requireEnd(AssertionError missed) {
        Throwable end = missed.getCause();
        if (!(end instanceof EOFException || end instanceof SocketException || end instanceof SSLException)) {
            throw missed;
        }
    }
}
