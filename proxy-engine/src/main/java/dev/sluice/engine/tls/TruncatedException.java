package dev.sluice.engine.tls;

import javax.net.ssl.SSLException;

/** TCP ended an encrypted stream, and TLS did not. */
public final class TruncatedException extends SSLException {

    TruncatedException() {
        super("closed without close_notify");
    }

    /** Peers choose how often it is made. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
