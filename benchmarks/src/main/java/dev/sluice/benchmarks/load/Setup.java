package dev.sluice.benchmarks.load;

/** How a proxy is started for a scenario; each has a process of its own. */
enum Setup {
    ORDINARY,
    /** With no more memory than it needs, and not warmed up. */
    COMPACT,
    /** Its port speaks TLS. */
    TLS
}
