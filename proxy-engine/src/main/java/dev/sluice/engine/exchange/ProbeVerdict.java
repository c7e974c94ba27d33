package dev.sluice.engine.exchange;

/**
 * What one probe says of its upstream: so many failures in a row and it is down, so many successes in a row and it is up.
 * Confined to one thread.
 */
public final class ProbeVerdict {

    /** HAProxy's defaults. */
    private static final int FALL = 3;

    private static final int RISE = 2;

    private final UpstreamHealth health;
    private boolean down;
    private int otherwiseInARow;

    /**
     * Begins with what is known: a probe that takes another's place does not send requests to an upstream that is down.
     *
     * @param health knows of the probe's beginning already
     */
    ProbeVerdict(UpstreamHealth health) {
        this.health = health;
        if (health.isDown()) {
            say(true);
        }
    }

    /** One answer more; returns whether it has changed what is said. */
    public boolean hear(boolean well) {
        otherwiseInARow = well == down ? otherwiseInARow + 1 : 0;
        if (otherwiseInARow < (down ? RISE : FALL)) {
            return false;
        }
        otherwiseInARow = 0;
        say(!down);
        return true;
    }

    public boolean isDown() {
        return down;
    }

    /** The probe says nothing any more. */
    public void end() {
        if (down) {
            say(false);
        }
        health.probeEnds();
    }

    private void say(boolean down) {
        this.down = down;
        if (down) {
            health.probeSaysDown();
        } else {
            health.probeSaysUp();
        }
    }
}
