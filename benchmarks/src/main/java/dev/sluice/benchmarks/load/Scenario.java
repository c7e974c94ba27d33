package dev.sluice.benchmarks.load;

import java.io.IOException;

/** Something that clients do with a proxy, and what it costs the proxy. */
interface Scenario {

    String name();

    /** What {@link Sample#cost} is given in. */
    String unit();

    /** Measures {@code proxy}, which listens on {@link Lab#PROXY_PORT}. Bounded in time. */
    Sample measure(Pinned proxy) throws IOException;

    default Setup setup() {
        return Setup.ORDINARY;
    }
}
