package dev.sluice.engine;

import dev.sluice.api.Network;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where clients connect, and how.
 *
 * @param address where they connect; port 0 picks a free one
 * @param proxyProtocol the networks whose connections have to begin with a PROXY header, which then names the client;
 *     those of others must not
 * @param tls how connections are encrypted; empty for plain HTTP
 */
public record Listen(InetSocketAddress address, List<Network> proxyProtocol, Optional<ListenTls> tls) {

    public Listen {
        proxyProtocol = List.copyOf(proxyProtocol);
    }

    /** Plain HTTP. */
    public static Listen on(InetSocketAddress address) {
        return new Listen(address, List.of(), Optional.empty());
    }

    public Listen withAddress(InetSocketAddress address) {
        return new Listen(address, proxyProtocol, tls);
    }

    public Listen withProxyProtocol(List<Network> from) {
        return new Listen(address, from, tls);
    }

    public Listen withTls(ListenTls tls) {
        return new Listen(address, proxyProtocol, Optional.of(tls));
    }

    /** Whether a connection from {@code peer} has to begin with a PROXY header. */
    public boolean expectsProxyHeader(InetSocketAddress peer) {
        for (int i = 0; i < proxyProtocol.size(); i++) {
            if (proxyProtocol.get(i).contains(peer.getAddress())) {
                return true;
            }
        }
        return false;
    }
}
