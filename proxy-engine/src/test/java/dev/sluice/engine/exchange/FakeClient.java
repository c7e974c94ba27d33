package dev.sluice.engine.exchange;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Timeouts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what the exchange asks for. */
final class FakeClient implements ClientSide {

    /** In order: {@code send}, {@code interim 103}, {@code relay 200}, {@code respond 502}, {@code abort}, {@code finished}. */
    final List<String> asked = new ArrayList<>();

    boolean bodyUntouched = true;
    boolean peersTakeBytes;
    boolean canReplay = true;
    boolean waitsForClient;
    boolean refusesHeads;

    /** Runs within whatever is asked of the connection: to write to one that is gone fails there and then. */
    Runnable whenTouched = () -> {};

    @Nullable
    FakeUpstream sentTo;

    List<String> cookieLines = List.of();
    List<String> setCookieLines = List.of();
    int retryAfter;
    int status;

    @Nullable
    ProxyFailure failure;

    @Override
    public void send(UpstreamSide upstream, Forward forward, HeaderEdits fromAuthenticator, List<String> lines) {
        asked.add("send");
        sentTo = (FakeUpstream) upstream;
        cookieLines = lines;
    }

    @Override
    public void relayInterim(ReplyHead head) {
        asked.add("interim " + head.status());
    }

    @Override
    public void relay(ReplyHead head, HeaderEdits toClient, int retryAfterSeconds, List<String> lines) {
        took("relay " + head.status(), retryAfterSeconds, lines);
    }

    @Override
    public void tunnel(ReplyHead head, HeaderEdits toClient, Timeouts timeouts, List<String> lines) {
        took("tunnel", 0, lines);
    }

    @Override
    public void respond(LocalResponse response, int retryAfterSeconds, List<String> lines) {
        took("respond " + response.status(), retryAfterSeconds, lines);
    }

    private void took(String what, int retryAfterSeconds, List<String> lines) {
        if (refusesHeads && !lines.isEmpty()) {
            throw new IllegalArgumentException("a line that cannot be sent");
        }
        asked.add(what);
        retryAfter = retryAfterSeconds;
        setCookieLines = lines;
        whenTouched.run();
    }

    @Override
    public void abort() {
        asked.add("abort");
        whenTouched.run();
    }

    @Override
    public boolean bodyUntouched() {
        return bodyUntouched;
    }

    @Override
    public boolean canReplay() {
        return canReplay;
    }

    @Override
    public boolean waitsForClient() {
        return waitsForClient;
    }

    @Override
    public boolean peersTakeBytes() {
        return peersTakeBytes;
    }

    @Override
    public void finished(int status, @Nullable ProxyFailure failure) {
        asked.add("finished");
        this.status = status;
        this.failure = failure;
    }

    ProxyFailure.@Nullable Kind failureKind() {
        return failure == null ? null : failure.kind();
    }

    long finishedTimes() {
        return asked.stream().filter("finished"::equals).count();
    }
}
