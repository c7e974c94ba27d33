package dev.sluice.engine.tls;

import dev.sluice.api.Upstream;
import javax.net.ssl.SSLException;

/** TLS with an upstream did not come about. Says with whom, and what the last cause says: the others name only classes. */
public final class UpstreamTlsException extends SSLException {

    public UpstreamTlsException(Upstream upstream, Throwable cause) {
        super("TLS with " + upstream.host() + ":" + upstream.port() + " failed: " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        Throwable last = cause;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? "the connection was closed" : last.getMessage();
    }
}
