package dev.sluice.engine.wire;

import static org.awaitility.Awaitility.await;

import dev.sluice.api.ForwardListener;
import dev.sluice.api.ForwardOutcome;
import dev.sluice.api.ProxyFailure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the listener of forwards heard: {@code response 200}, {@code outcome 200 null}. */
final class Outcomes implements ForwardListener {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public void onResponse(int status) {
        heard.add("response " + status);
    }

    @Override
    public void onOutcome(ForwardOutcome outcome) {
        heard.add("outcome " + outcome.status() + " "
                + outcome.failure().map(ProxyFailure::kind).orElse(null));
    }

    List<String> heard() {
        return heard;
    }

    /** Waits until {@code last} has been heard, as the last of all. */
    void awaitLast(String last) {
        await().until(() -> !heard.isEmpty() && heard.get(heard.size() - 1).equals(last));
    }
}
