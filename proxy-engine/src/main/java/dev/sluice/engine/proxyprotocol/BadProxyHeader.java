package dev.sluice.engine.proxyprotocol;

/** What a peer sent is no header of the PROXY protocol. Quotes nothing of it, and has no stack trace: it may be frequent. */
public final class BadProxyHeader extends Exception {

    BadProxyHeader(String message) {
        super(message, null, false, false);
    }
}
