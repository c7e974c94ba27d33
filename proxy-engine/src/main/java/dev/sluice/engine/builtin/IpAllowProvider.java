package dev.sluice.engine.builtin;

import com.google.auto.service.AutoService;
import dev.sluice.api.AuthDecision;
import dev.sluice.api.Authenticator;
import dev.sluice.api.LocalResponse;
import dev.sluice.api.Network;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code ip-allow}: refuses clients outside the networks named, and has no opinion on those inside. */
@AutoService(AuthenticatorProvider.class)
public final class IpAllowProvider implements AuthenticatorProvider {

    private static final CompletionStage<AuthDecision> INSIDE =
            CompletableFuture.completedFuture(AuthDecision.abstain());
    private static final CompletionStage<AuthDecision> OUTSIDE =
            CompletableFuture.completedFuture(AuthDecision.respond(LocalResponse.text(403, "Forbidden\n")));

    @Override
    public String name() {
        return "ip-allow";
    }

    @Override
    public Authenticator create(PluginContext context) {
        List<Network> networks = networks(context.config());
        return request -> contains(networks, request.client()) ? INSIDE : OUTSIDE;
    }

    private static boolean contains(List<Network> networks, InetAddress client) {
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(client)) {
                return true;
            }
        }
        return false;
    }

    private static List<Network> networks(PluginConfig config) {
        List<String> texts = config.strings("networks");
        if (texts.isEmpty()) {
            throw config.wrong("networks", "none (expected: at least one, such as 10.0.0.0/8)");
        }
        List<Network> networks = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            networks.add(ConfigValues.checked(config, "networks[" + i + "]", texts.get(i), Network::of));
        }
        return List.copyOf(networks);
    }
}
