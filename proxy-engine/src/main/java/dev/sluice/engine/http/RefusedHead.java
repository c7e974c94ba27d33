package dev.sluice.engine.http;

import dev.sluice.api.LocalResponse;

/**
 * A head that the proxy does not accept: a client's, which is answered with {@link #status()}, or an upstream's, for which
 * the client gets a 502. The connection that it came on must be closed, because what follows on it cannot be trusted.
 *
 * <p>Without a stack trace: attackers choose how often it is made. The message is for people and quotes no field value.
 */
public final class RefusedHead extends Exception {

    private static final int UPGRADE_REQUIRED = 426;

    private final int status;

    RefusedHead(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** What to answer. */
    public int status() {
        return status;
    }

    /** The whole answer to a client. A 426 names the one version of WebSocket that is spoken (RFC 6455 §4.4). */
    public LocalResponse response() {
        LocalResponse response = LocalResponse.text(status, getMessage() + "\n");
        return status == UPGRADE_REQUIRED ? response.withHeader("Sec-WebSocket-Version", "13") : response;
    }
}
