package dev.sluice.django;

import dev.sluice.api.Network;
import dev.sluice.api.Upstream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Lets only those addresses of applications through that lie in the configured networks, so that a control plane that
 * lies, or is confused, cannot send requests elsewhere.
 */
final class UpstreamNetworks {

    private final List<Network> networks;
    private final Executor blocking;

    UpstreamNetworks(List<Network> networks, Executor blocking) {
        this.networks = networks;
        this.blocking = blocking;
    }

    /** The upstream to connect to in place of {@code claimed}; fails with {@link UnusableAnswerException}. */
    CompletionStage<Upstream> check(Upstream claimed) {
        String host = claimed.host();
        InetAddress literal = Network.literal(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        if (literal != null) {
            return inside(List.of(literal))
                    ? CompletableFuture.completedFuture(at(literal, claimed))
                    : CompletableFuture.failedFuture(outside());
        }
        return CompletableFuture.supplyAsync(() -> resolved(claimed), blocking);
    }

    private Upstream resolved(Upstream claimed) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(InetAddress.getAllByName(claimed.host()));
        } catch (UnknownHostException e) {
            throw new UnusableAnswerException("the application's address does not resolve");
        }
        if (!inside(addresses)) {
            throw outside();
        }
        // The name may resolve to another address a moment later, so the connection goes to the one that was checked.
        // Under TLS the name has to stay, for the certificate is verified against it, which defeats that trick too.
        return claimed.tls() ? claimed : at(addresses.get(0), claimed);
    }

    private boolean inside(List<InetAddress> addresses) {
        return addresses.stream().allMatch(address -> networks.stream().anyMatch(n -> n.contains(address)));
    }

    private static UnusableAnswerException outside() {
        return new UnusableAnswerException("the application's address is outside the configured networks");
    }

    private static Upstream at(InetAddress address, Upstream claimed) {
        return Upstream.of((claimed.tls() ? "https://" : "http://") + bracketed(address) + ":" + claimed.port());
    }

    private static String bracketed(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }
}
