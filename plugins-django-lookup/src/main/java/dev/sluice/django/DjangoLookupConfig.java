package dev.sluice.django;

import dev.sluice.api.Network;
import dev.sluice.api.Upstream;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginConfigException;
import java.time.Duration;
import java.util.List;

/**
 * The plugin's configuration. Defaults are Data Workspace's, and {@code docs/plugins/django-lookup.md} describes each key.
 *
 * @param django Django's address, for calls and for pages
 * @param hosts which hosts are applications'
 * @param networks where applications may run
 * @param api the target of the calls about one application
 * @param timeout of one call
 * @param maxAnswer bytes of one answer
 * @param callHeaders what of a request the calls carry
 * @param noModifyHeader marks a request that must neither start nor end an application
 * @param retryAfter when a client whose application is starting is to come back
 * @param probeConnect bound on connecting to an application that is starting
 * @param probeResponse bound on the first response of an application that is starting
 * @param cache how long answers are kept
 * @param pages Django's pages
 * @param responseHeaders headers added to responses, by state
 */
record DjangoLookupConfig(
        Upstream django,
        HostPattern hosts,
        List<Network> networks,
        Template api,
        Duration timeout,
        int maxAnswer,
        CallHeaders callHeaders,
        String noModifyHeader,
        Duration retryAfter,
        Duration probeConnect,
        Duration probeResponse,
        Lifetimes cache,
        PageTargets pages,
        ResponseHeaders responseHeaders) {

    /**
     * How long answers are kept.
     *
     * @param running of an application that runs
     * @param spawning of one that is starting
     * @param refused of a 403, and of a name that Django does not know
     * @param stale how much longer a running application's is used while Django cannot be asked
     * @param entries how many are kept at most
     */
    record Lifetimes(Duration running, Duration spawning, Duration refused, Duration stale, int entries) {

        static Lifetimes read(PluginConfig config) {
            return new Lifetimes(
                    config.duration("cache.running", Duration.ofSeconds(10)),
                    config.duration("cache.spawning", Duration.ofSeconds(1)),
                    config.duration("cache.refused", Duration.ofSeconds(2)),
                    config.duration("cache.stale", Duration.ofSeconds(60)),
                    config.integer("cache.entries", 20_000, 100, 10_000_000));
        }
    }

    static DjangoLookupConfig read(PluginConfig config) {
        String noModify = config.string("no-modify-header", "x-data-workspace-no-modify-application-instance");
        return new DjangoLookupConfig(
                django(config),
                HostPattern.read(config),
                networks(config),
                Template.readTarget(config, "path", "/api/v1/application/{public-host}", List.of("public-host")),
                config.duration("timeout", Duration.ofSeconds(4)),
                maxAnswer(config),
                CallHeaders.read(config, noModify),
                noModify,
                config.duration("retry-after", Duration.ofSeconds(3)),
                config.duration("probe.connect", Duration.ofSeconds(2)),
                config.duration("probe.response", Duration.ofSeconds(5)),
                Lifetimes.read(config),
                PageTargets.read(config),
                ResponseHeaders.read(config));
    }

    private static Upstream django(PluginConfig config) {
        try {
            return Upstream.of(config.uri("root"));
        } catch (IllegalArgumentException e) {
            throw wrong(config, "root", e);
        }
    }

    private static List<Network> networks(PluginConfig config) {
        List<String> networks = config.strings("networks");
        if (networks.isEmpty()) {
            throw config.wrong("networks", "none (expected: the networks in which applications run: [\"10.0.0.0/8\"])");
        }
        try {
            return networks.stream().map(Network::of).toList();
        } catch (IllegalArgumentException e) {
            throw wrong(config, "networks", e);
        }
    }

    private static int maxAnswer(PluginConfig config) {
        long bytes = config.bytes("max-answer", 64 * 1024);
        if (bytes < 1024 || bytes > 16 * 1024 * 1024) {
            throw config.wrong("max-answer", bytes + " (expected: 1k-16m)");
        }
        return (int) bytes;
    }

    private static PluginConfigException wrong(PluginConfig config, String key, IllegalArgumentException e) {
        return config.wrong(key, String.valueOf(e.getMessage()));
    }
}
