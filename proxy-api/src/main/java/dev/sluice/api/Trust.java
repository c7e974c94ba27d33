package dev.sluice.api;

/** How far an upstream is trusted with the proxy's own cookies. */
public enum Trust {

    /** The deployment's own application: it may see the proxy's cookies. It can set or clear them no more than others. */
    TRUSTED,

    /** Somebody's code: the proxy's cookies never reach it. The default. */
    UNTRUSTED
}
