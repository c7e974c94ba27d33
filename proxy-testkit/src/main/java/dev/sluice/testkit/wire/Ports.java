package dev.sluice.testkit.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Addresses that nobody answers at. */
public final class Ports {

    private Ports() {}

    /**
     * A port of 127.0.0.1 that is bound and does not listen: connecting to it is refused for as long as it is open, which
     * a port that was merely free a moment ago does not promise.
     */
    public static Refused refused() {
        try {
            Socket bound = new Socket();
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new Refused(bound);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that refuses connections until it is closed. */
    public static final class Refused implements AutoCloseable {
        private final Socket bound;

        private Refused(Socket bound) {
            this.bound = bound;
        }

        public InetSocketAddress address() {
            return (InetSocketAddress) bound.getLocalSocketAddress();
        }

        public int port() {
            return bound.getLocalPort();
        }

        /** {@code http://127.0.0.1:port}. */
        public String url() {
            return "http://127.0.0.1:" + port();
        }

        @Override
        public void close() {
            try {
                bound.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
