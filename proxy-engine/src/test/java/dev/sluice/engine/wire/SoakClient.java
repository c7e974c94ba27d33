package dev.sluice.engine.wire;

import dev.sluice.testkit.wire.BodyDigest;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import dev.sluice.testkit.wire.WebSocketClient;
import dev.sluice.testkit.wire.WebSocketFrame;
import dev.sluice.testkit.wire.WebSocketHandshake;
import java.io.EOFException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;

/** One connection of a soak's client: some exchanges that chance picks, each checked to the last byte, then its end. */
final class SoakClient {

    private static final int LARGEST = 2 << 20;
    private static final int LARGEST_FRAME = 100_000;

    private final RawClient client;
    private final boolean tls;
    private final String host;
    private final List<SoakScript.Fault> upstreamFaults;
    private final String distrusted;
    private final Random random;
    private final SoakFigures figures;
    private boolean over;

    /**
     * @param tls whether {@code client} speaks it
     * @param host names the upstream
     * @param upstreamFaults what can go wrong there
     * @param distrusted names an upstream that the proxy does not believe
     */
    SoakClient(
            RawClient client,
            boolean tls,
            String host,
            List<SoakScript.Fault> upstreamFaults,
            String distrusted,
            Random random,
            SoakFigures figures) {
        this.client = client;
        this.tls = tls;
        this.host = host;
        this.upstreamFaults = upstreamFaults;
        this.distrusted = distrusted;
        this.random = random;
        this.figures = figures;
    }

    void play() {
        for (int i = random.nextInt(8); i >= 0 && !over; i--) {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3 -> get();
                case 4, 5, 6 -> download();
                case 7, 8, 9 -> upload();
                case 10, 11 -> pipeline();
                case 12, 13, 14 -> webSocket();
                case 15, 16, 17 -> upstreamFails();
                default -> clientFails();
            }
        }
    }

    // ---- what goes well

    private void get() {
        String target = "/echo/" + random.nextInt();
        expectText(client.send(head("GET", target)), target);
        figures.did("GET");
    }

    private void pipeline() {
        int requests = 2 + random.nextInt(6);
        String target = "/echo/" + random.nextInt();
        client.send(head("GET", target).repeat(requests));
        for (int i = 0; i < requests; i++) {
            expectText(client, target);
            figures.did("pipelined GET");
        }
    }

    private void download() {
        long size = size(LARGEST);
        String framing = random.nextBoolean() ? "chunked" : "length";
        RawReply head =
                client.send(head("GET", "/down/" + size + "/" + framing)).readReplyHead();
        require(head.status() == 200, head);
        require(client.readBodyDigest(head).equals(Pattern.digest(size)), "digest of a download of " + size);
        figures.did("download");
        figures.moved(size);
    }

    private void upload() {
        int size = size(LARGEST);
        boolean chunked = random.nextBoolean();
        client.send(uploadHead(size, chunked));
        if (chunked) {
            client.send(size > 0 ? Integer.toHexString(size) + "\r\n" : "");
            client.sendPattern(size).send((size > 0 ? "\r\n" : "") + "0\r\n\r\n");
        } else {
            client.sendPattern(size);
        }
        BodyDigest sent = Pattern.digest(size);
        expectText(client, sent.size() + " " + sent.sha256());
        figures.did("upload");
        figures.moved(size);
    }

    private void webSocket() {
        WebSocketClient socket = WebSocketClient.on(client.send(WebSocketHandshake.request(host, "/ws")));
        for (int i = random.nextInt(10); i >= 0; i--) {
            WebSocketFrame frame = new WebSocketFrame(true, WebSocketFrame.BINARY, Pattern.bytes(size(LARGEST_FRAME)));
            WebSocketFrame back = socket.send(frame).read();
            require(Arrays.equals(back.payload(), frame.payload()), back);
            figures.did("frame");
            figures.moved(2L * frame.payload().length);
        }
        if (random.nextInt(5) == 0) {
            client.send(halfAFrame());
            leave("leaves in a frame");
        } else {
            socket.sendClose(1000, "").expectClose(1000);
            client.expectClosed();
        }
        figures.did("WebSocket");
        over = true;
    }

    // ---- what goes wrong

    private void upstreamFails() {
        SoakScript.Fault fault = upstreamFaults.get(random.nextInt(upstreamFaults.size()));
        String to = switch (fault) {
            case REFUSAL -> "refusing";
            case DISTRUST -> distrusted;
            default -> host;
        };
        client.send("GET /fault/" + fault + " HTTP/1.1\r\nHost: " + to + "\r\n\r\n");
        RawReply head = client.readReplyHead();
        boolean whole = endsAsItSays(head);
        String seen = whole ? "" + head.status() : "cut";
        require(fault.seen.contains(seen), fault + " was seen as " + seen);
        figures.failed("upstream: " + fault);
        over = !whole;
    }

    private boolean endsAsItSays(RawReply head) {
        try {
            client.readBodyDigest(head);
            return true;
        } catch (AssertionError e) {
            Throwable end = e.getCause();
            boolean cut = tls ? end instanceof SSLException : end instanceof EOFException;
            if (cut || end instanceof SocketException) {
                return false;
            }
            throw e;
        }
    }

    private void clientFails() {
        switch (random.nextInt(tls ? 7 : 6)) {
            case 0 -> {
                client.send("GET /echo HTTP/1.1\r\nHo");
                leave("leaves in a head");
            }
            case 1 -> {
                client.send(uploadHead(LARGEST, random.nextBoolean()));
                leave("leaves in an upload");
            }
            case 2 -> {
                client.send(head("GET", "/down/" + LARGEST + "/chunked")).readReplyHead();
                leave("leaves in a download");
            }
            case 3 -> {
                client.send(head("GET", "/fault/SILENCE"));
                leave("leaves while it waits");
            }
            case 4 -> {
                require(client.send("\u0001\u0002garbage\r\n\r\n").readReply().status() == 400, "garbage");
                client.expectClosed();
                figures.failed("client: garbage for a head");
            }
            case 5 -> {
                client.send(uploadHead(LARGEST, true)).send("4\r\nhalf\r\nzz\r\n");
                require(client.readReply().status() == 400, "garbage");
                client.expectClosed();
                figures.failed("client: garbage for a chunk");
            }
            default -> {
                client.send(uploadHead(LARGEST, false)).sendInTheClear(FaultTls.BROKEN_RECORD);
                client.expectEnded();
                figures.failed("client: broken record");
            }
        }
        over = true;
    }

    private void leave(String how) {
        switch (random.nextInt(tls ? 3 : 2)) {
            case 0 -> client.reset();
            case 1 -> client.close();
            default -> client.cut(); // and closes it soon
        }
        figures.failed("client: " + how);
    }

    // ---- words

    private String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    private String uploadHead(int size, boolean chunked) {
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + size;
        return "PUT /up HTTP/1.1\r\nHost: " + host + "\r\n" + framing + "\r\n\r\n";
    }

    private static byte[] halfAFrame() {
        byte[] frame = WebSocketFrame.text("a message that nobody ends").encoded(true);
        return Arrays.copyOf(frame, frame.length / 2);
    }

    /** As many small ones as large ones. */
    private int size(int largest) {
        return random.nextInt(1 + (largest >> random.nextInt(20)));
    }

    private static void expectText(RawClient client, String text) {
        RawReply reply = client.readReply();
        require(reply.status() == 200 && reply.text().equals(text), reply);
    }

    private static void require(boolean holds, Object found) {
        if (!holds) {
            throw new AssertionError(found);
        }
    }

    static Duration patience() {
        return Duration.ofSeconds(30);
    }
}
