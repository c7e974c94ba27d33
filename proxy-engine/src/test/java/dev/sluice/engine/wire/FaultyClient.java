package dev.sluice.engine.wire;

import dev.sluice.engine.wire.FaultCell.Fault;
import dev.sluice.engine.wire.FaultCell.Place;
import dev.sluice.engine.wire.FaultCell.Side;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.WebSocketClient;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.io.EOFException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;

/** The client of one cell: goes as far as the cell's place, goes wrong there if the cell says so, and tells what it sees. */
final class FaultyClient {

    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\n";
    private static final String HALF = "4\r\nhalf\r\n";
    private static final int MUCH = 64 << 20;

    private final FaultCell cell;
    private final ScriptedUpstream upstream;
    private final CountDownLatch goOn;
    private final RawClient client;

    FaultyClient(FaultCell cell, RawClient client, ScriptedUpstream upstream, CountDownLatch goOn) {
        this.cell = cell;
        this.client = client;
        this.upstream = upstream;
        this.goOn = goOn;
    }

    /** Plays the client's part. {@code gone} if it has left and sees no more. */
    String play() {
        boolean mine = cell.side() == Side.CLIENT;
        if (cell.place() == Place.TUNNEL) {
            return tunnel(mine);
        }
        RawReply head = null;
        switch (cell.place()) {
            case REQUEST_HEAD -> client.send(mine ? "" : GET);
            case REQUEST_BODY -> upload(mine);
            case RESPONSE_HEAD -> {
                client.send(GET);
                upstream.awaitRequest(1); // else the fault may overtake it
            }
            default -> head = client.send(GET).readReplyHead();
        }
        if (mine && !misbehave()) {
            return "gone";
        }
        goOn.countDown();
        String seen = head == null ? reply() : body(head);
        boolean more = mine && cell.fault() == Fault.GARBAGE && seen.equals("200");
        return more ? seen + ", " + reply() : seen;
    }

    private void upload(boolean mine) {
        boolean much = !mine && cell.fault() == Fault.STALL;
        client.send(POST + (much ? "Content-Length: " + MUCH : "Transfer-Encoding: chunked") + "\r\n\r\n");
        if (much) {
            Thread sender = new Thread(this::sendMuch, "upload");
            sender.setDaemon(true);
            sender.start();
        } else if (mine) {
            upstream.awaitRequest(1);
        } else if (cell.fault() != Fault.EARLY_CLOSE) {
            client.send(HALF);
        }
    }

    private void sendMuch() {
        try {
            client.sendPattern(MUCH);
        } catch (UncheckedIOException cut) {
            // as it should be
        }
    }

    /** Whether the client is still there afterwards. */
    private boolean misbehave() {
        switch (cell.fault()) {
            case STALL -> {
                client.send(half());
                if (cell.place() == Place.RESPONSE_BODY) {
                    upstream.awaitNoOpenConnection(); // what is due from a client there is to read
                }
            }
            case RESET -> client.reset();
            case GARBAGE -> client.send(garbage());
            case TRUNCATED -> client.send(half()).close();
            case EARLY_CLOSE -> client.close();
            case HALF_CLOSE -> client.send(half()).finishSending();
            default -> throw new AssertionError(cell);
        }
        return switch (cell.fault()) {
            case STALL, GARBAGE, HALF_CLOSE -> true;
            default -> false;
        };
    }

    private String half() {
        return switch (cell.place()) {
            case REQUEST_HEAD -> "GET / HTTP/1.1\r\nHo";
            case REQUEST_BODY -> HALF;
            case RESPONSE_HEAD, RESPONSE_BODY -> ""; // the request has been sent
            case TUNNEL -> cell.fault() == Fault.HALF_CLOSE ? "" : TunnelBytes.half(true);
        };
    }

    private String garbage() {
        return switch (cell.place()) {
            case REQUEST_BODY -> "zz\r\n";
            case TUNNEL -> TunnelBytes.GARBAGE;
            default -> "\u0001\u0002\u0003\r\n\r\n";
        };
    }

    private String tunnel(boolean mine) {
        WebSocketClient.on(client.send(WebSocketHandshake.request("h", "/")));
        goOn.countDown();
        if (mine && !misbehave()) {
            return "gone";
        }
        if (mine && cell.fault() == Fault.GARBAGE) {
            client.finishSending();
        }
        return TunnelBytes.seen(() -> client.read(1)[0]);
    }

    /** The next response: its status, whether it was cut short, and whether the connection closes behind it. */
    private String reply() {
        RawReply head;
        try {
            head = client.readReplyHead();
        } catch (AssertionError e) {
            requireEnd(e);
            return "closed";
        }
        return body(head);
    }

    private String body(RawReply head) {
        try {
            client.readBodyDigest(head);
        } catch (AssertionError e) {
            requireEnd(e);
            return head.status() + " cut";
        }
        if ("close".equals(head.header("Connection"))) {
            client.expectClosed();
            return head.status() + ", closed";
        }
        return "" + head.status();
    }

    /** By FIN or by RST: which of them depends on what was on its way. */
    private static void requireEnd(AssertionError missed) {
        if (!(missed.getCause() instanceof EOFException) && !(missed.getCause() instanceof SocketException)) {
            throw missed;
        }
    }
}
