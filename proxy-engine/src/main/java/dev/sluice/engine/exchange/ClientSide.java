package dev.sluice.engine.exchange;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.RouteDecision.Forward;
import dev.sluice.api.Timeouts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an exchange asks of the side towards the client. Confined to the exchange's event loop, as the exchange is. */
public interface ClientSide {

    /**
     * Sends the request's head to {@code upstream} and lets the body follow; tells the exchange when it has all gone.
     *
     * @param edits the proxy's own; those of {@code forward} are applied after them
     */
    void send(UpstreamSide upstream, Forward forward, HeaderEdits edits, List<String> cookieLines);

    /** Relays a 1xx head. */
    void relayInterim(ReplyHead head);

    /**
     * Relays the final response's head and lets the body follow.
     *
     * @throws IllegalArgumentException if a cookie line cannot be sent; nothing has gone out then
     */
    void relay(ReplyHead head, HeaderEdits toClient, int retryAfterSeconds, List<String> setCookieLines);

    /**
     * Relays a 101 and joins both connections; from then on the tunnel tells the exchange how it ends.
     *
     * @throws IllegalArgumentException as for {@link #relay}
     */
    void tunnel(ReplyHead head, HeaderEdits toClient, Timeouts timeouts, List<String> setCookieLines);

    /**
     * Answers with a response of the proxy's own.
     *
     * @throws IllegalArgumentException as for {@link #relay}
     */
    void respond(LocalResponse response, int retryAfterSeconds, List<String> setCookieLines);

    /** Cuts the connection, so that a message already begun is seen to be cut short. */
    void abort();

    /** Whether no byte of the request's body has been passed on. */
    boolean bodyUntouched();

    /** Whether what has been passed on of the request could be sent once more, from the start. */
    boolean canReplay();

    /** Whose turn it is to move a byte of a body: true if the proxy waits for the client. */
    boolean waitsForClient();

    /** Whether a peer has taken any byte that was waiting for it, since this was asked last: slow is not idle. */
    boolean peersTakeBytes();

    /** The exchange has ended; called once, last. */
    void finished(int status, @Nullable ProxyFailure failure);
}
