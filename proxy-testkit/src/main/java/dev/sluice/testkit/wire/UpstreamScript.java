package dev.sluice.testkit.wire;

/**
 * What a {@link ScriptedUpstream} does with one connection. It runs on a thread of its own; when it returns the
 * connection is closed.
 *
 * <p>An {@link java.io.IOException}, such as the proxy's closing or resetting the connection, ends the script and is no
 * failure; anything else that it throws fails the test when the upstream is closed.
 */
@FunctionalInterface
public interface UpstreamScript {

    void run(UpstreamConnection connection) throws Exception;
}
