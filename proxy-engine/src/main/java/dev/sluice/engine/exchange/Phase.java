package dev.sluice.engine.exchange;

/** Where an exchange is, in the order of its life. */
enum Phase {
    AUTHENTICATE,
    ROUTE,
    CONNECT,
    SEND,
    REPLY,
    STREAM,
    TUNNEL,
    DONE
}
