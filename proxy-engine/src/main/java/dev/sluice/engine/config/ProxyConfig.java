package dev.sluice.engine.config;

import dev.sluice.api.Authenticator;
import dev.sluice.api.Network;
import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.Listen;
import dev.sluice.engine.PluginEntry;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.ProxySettings.Limits;
import dev.sluice.engine.ProxySettings.PhaseTimeouts;
import dev.sluice.engine.ProxySettings.Pool;
import dev.sluice.engine.ProxySettings.Transport;
import dev.sluice.engine.When;
import dev.sluice.engine.access.AccessFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A deployment's file: the proxy's settings, and which plugins it is made of. */
public final class ProxyConfig {

    private final HoconConfig file;
    private final Complaints complaints;
    private final ProxySettings settings;
    private final List<PluginEntry> authenticators;
    private final List<PluginEntry> resolvers;
    private final PluginEntry cookieMerger;
    private final Optional<AdminConfig> admin;
    private final Optional<AccessFormat> accessLog;
    private final boolean tracing;
    private final Optional<Duration> lookEvery;

    /**
     * Reads everything but the plugins' own keys.
     *
     * @throws PluginConfigException listing every complaint, one a line
     */
    public static ProxyConfig read(HoconConfig file) {
        Complaints complaints = new Complaints();
        ProxyConfig config = new ProxyConfig(file, complaints);
        complaints.addAll(file.unreadHere());
        complaints.throwIfAny();
        return config;
    }

    private ProxyConfig(HoconConfig file, Complaints complaints) {
        this.file = file;
        this.complaints = complaints;
        ProxySettings or = ProxySettings.defaults();
        this.settings = new ProxySettings(
                section("listen", listen -> listen(listen, or.listen())),
                new Section(file, complaints).oneOf(Transport.class, "transport", or.transport()),
                section("timeouts", timeouts -> timeouts(timeouts, or.timeouts())),
                section("limits", limits -> limits(limits, or.limits())),
                section("pool", pool -> pool(pool, or.pool())),
                section("upstream-tls", TlsConfig::upstream),
                section("forwarding", forwarding -> networks(forwarding, "trusted-proxies")));
        this.admin = optionalSection("admin", AdminConfig::read);
        this.accessLog =
                optionalSection("access-log", log -> log.oneOf(AccessFormat.class, "format", AccessFormat.TEXT));
        this.tracing = new Section(file, complaints).bool("tracing", false);
        this.lookEvery = optionalSection("reload", reload -> reload.duration("every", Duration.ofSeconds(10)));
        this.authenticators = chain("authenticators", "{ plugin = anonymous }");
        this.resolvers =
                chain("resolvers", "{ plugin = static, routes = [ { upstream = \"http://127.0.0.1:9000\" } ] }");
        HoconConfig merger = complaints
                .attempt(() -> file.open("cookie-merger"))
                .orElseGet(() -> HoconConfig.parse("plugin = default"));
        this.cookieMerger = entry(merger, section -> When.ALWAYS);
    }

    public ProxySettings settings() {
        return settings;
    }

    /** In the order in which they are asked. */
    public List<PluginEntry> authenticators() {
        return authenticators;
    }

    /** In the order in which they are asked. */
    public List<PluginEntry> resolvers() {
        return resolvers;
    }

    public PluginEntry cookieMerger() {
        return cookieMerger;
    }

    /** Empty if there is no such section: then nothing is listened on for operators. */
    public Optional<AdminConfig> admin() {
        return admin;
    }

    /** How lines of the access log are written; empty if there is none. */
    public Optional<AccessFormat> accessLog() {
        return accessLog;
    }

    /** Whether spans are made of exchanges. */
    public boolean tracing() {
        return tracing;
    }

    /** How often the file is looked at for changes; empty if it is not. */
    public Optional<Duration> lookEvery() {
        return lookEvery;
    }

    /** The top-level keys that {@code other} has otherwise, in alphabetical order. */
    public List<String> differences(ProxyConfig other) {
        return file.differences(other.file);
    }

    /**
     * The guard to be asked before all authenticators, if a {@code when} names paths: it refuses requests whose path other
     * servers could read so that the condition comes out otherwise.
     */
    public Optional<Authenticator> ambiguousPathGuard() {
        List<Condition> byPath = new ArrayList<>();
        for (List<PluginEntry> chain : List.of(authenticators, resolvers)) {
            for (PluginEntry entry : chain) {
                if (entry.when() instanceof Condition condition && condition.decidesByPath()) {
                    byPath.add(condition);
                }
            }
        }
        return byPath.isEmpty() ? Optional.empty() : Optional.of(new AmbiguousPaths(byPath));
    }

    /** A complaint about a key of the file that shows only when it is used, such as a port that is taken. */
    public PluginConfigException wrong(String key, String problem) {
        return file.wrong(key, problem);
    }

    private <T> T section(String key, Function<Section, T> reader) {
        HoconConfig config = complaints.or(HoconConfig.parse(""), () -> file.openOrEmpty(key));
        Section section = new Section(config, complaints);
        T read = reader.apply(section);
        section.refuseUnread();
        return read;
    }

    private <T> Optional<T> optionalSection(String key, Function<Section, T> reader) {
        return complaints.attempt(() -> file.open(key)).map(there -> section(key, reader));
    }

    private static Listen listen(Section listen, Listen or) {
        return new Listen(
                listen.address(or.address()), networks(listen, "proxy-protocol.from"), TlsConfig.listen(listen));
    }

    private static PhaseTimeouts timeouts(Section timeouts, PhaseTimeouts or) {
        return new PhaseTimeouts(
                timeouts.duration("tls-handshake", or.tlsHandshake()),
                timeouts.duration("request-head", or.requestHead()),
                timeouts.duration("plugin-call", or.pluginCall()),
                timeouts.duration("queue", or.queue()),
                timeouts.duration("connect", or.connect()),
                timeouts.duration("ejection", or.ejection()),
                timeouts.duration("response-head", or.responseHead()),
                timeouts.duration("body-idle", or.bodyIdle()),
                timeouts.duration("body-grace", or.bodyGrace()),
                timeouts.duration("request-lifetime", or.requestLifetime()),
                timeouts.duration("keep-alive-idle", or.keepAliveIdle()),
                timeouts.duration("tunnel-idle", or.tunnelIdle()),
                timeouts.duration("tunnel-ping", or.tunnelPing()),
                timeouts.duration("tunnel-lifetime", or.tunnelLifetime()),
                timeouts.duration("drain", or.drain()));
    }

    private static Limits limits(Section limits, Limits or) {
        return new Limits(
                limits.integer("connections", or.connections(), 1, 10_000_000),
                limits.integer("connections-per-address", or.connectionsPerAddress(), 1, 10_000_000),
                limits.integer("requests-per-connection", or.requestsPerConnection(), 1, 10_000_000),
                limits.bytes("request-line", or.requestLine(), 64, 1 << 20),
                limits.bytes("header-bytes", or.headerBytes(), 64, 1 << 20),
                limits.integer("header-count", or.headerCount(), 1, 10_000),
                limits.integer("pipelined", or.pipelined(), 1, 10_000),
                limits.bytes("body-rate", or.bodyRate(), 1, 1 << 30),
                limits.integer("plugin-calls", or.pluginCalls(), 1, 10_000_000),
                limits.integer("exchanges-per-upstream", or.exchangesPerUpstream(), 1, 10_000_000),
                limits.integer("queued-per-upstream", or.queuedPerUpstream(), 1, 10_000_000),
                limits.integer("connect-failures", or.connectFailures(), 1, 1_000));
    }

    private static Pool pool(Section pool, Pool or) {
        return new Pool(
                pool.integer("idle-per-upstream", or.idlePerUpstream(), 1, 100_000),
                pool.duration("idle", or.idle()),
                pool.duration("age", or.age()),
                pool.integer("requests", or.requests(), 1, Integer.MAX_VALUE));
    }

    private static List<Network> networks(Section section, String key) {
        List<Network> networks = new ArrayList<>();
        section.forEach(key, cidr -> networks.add(Network.of(cidr)));
        return networks;
    }

    private List<PluginEntry> chain(String key, String example) {
        Optional<List<HoconConfig>> read = complaints.attempt(() -> Optional.of(file.openAll(key)));
        List<HoconConfig> sections = read.orElse(List.of());
        if (read.isPresent() && sections.isEmpty()) {
            complaints.add(file.wrong(key, "none (expected: at least one, such as " + key + " = [ " + example + " ])"));
        }
        return sections.stream()
                .map(section -> entry(section, s -> WhenConfig.read(s, complaints)))
                .toList();
    }

    private PluginEntry entry(HoconConfig section, Function<HoconConfig, When> when) {
        String name = complaints.or("", () -> section.string("plugin"));
        return new PluginEntry(name, when.apply(section), section);
    }
}
