package dev.sluice.engine.exchange;

/** A connection that must be given back or closed, and only once. */
final class FakeUpstream implements UpstreamSide {

    enum State {
        HELD,
        RELEASED,
        DISCARDED
    }

    private final boolean reused;
    State state = State.HELD;

    FakeUpstream(boolean reused) {
        this.reused = reused;
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public void release() {
        end(State.RELEASED);
    }

    @Override
    public void discard() {
        end(State.DISCARDED);
    }

    private void end(State end) {
        if (state != State.HELD) {
            throw new AssertionError("was " + state + " already, and is now " + end);
        }
        state = end;
    }
}
