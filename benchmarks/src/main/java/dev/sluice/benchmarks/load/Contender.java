package dev.sluice.benchmarks.load;

import java.util.List;

/**
 * A proxy that is measured.
 *
 * @param command what starts it, in the foreground, listening on {@link Lab#PROXY_PORT}
 */
record Contender(String name, List<String> command) {

    /** The one that the others are compared with. */
    static final String BASE = "nginx";
}
