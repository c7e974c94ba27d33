package dev.sluice.engine;

/** Why a connection of a client was closed before any request on it was served. */
public enum Refusal {
    /** Its peer has to send a PROXY header, and sent none in time, or none that is one. */
    PROXY_HEADER,
    /** What came is no TLS, or the handshake failed or was late, whoever ended it. */
    TLS,
    /** Its address has as many as one may have. */
    ADDRESS_LIMIT
}
