package dev.sluice.sso;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.oauth2.sdk.Scope;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the plugin's configuration and puts its parts together. */
final class SsoAssembly {

    private static final Logger LOG = LoggerFactory.getLogger(SsoAssembly.class);
    private static final int SHORTEST_SECRET = 32;
    private static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private final PluginContext context;
    private final PluginConfig config;
    private final Clock clock;

    SsoAssembly(PluginContext context) {
        this.context = context;
        this.config = context.config();
        this.clock = context.clock();
    }

    Authenticator authenticator() {
        URI publicUrl = publicUrl();
        ReturnUrls urls = new ReturnUrls(publicUrl, hosts(config, "hosts"));
        OwnPaths paths = new OwnPaths(pathPrefix());
        PluginConfig cookie = config.section("cookie").orElse(null);
        String domain = cookie == null ? null : domain(cookie, urls.loginHost());
        Cookies cookies = cookies(cookie, domain, publicUrl);
        Map<String, String> claimByHeader = headers();
        IdentityHeaders headers = new IdentityHeaders(claimByHeader);
        Assertions assertions = assertions(publicUrl);
        Networks networks = networks();
        OriginGuard origins = new OriginGuard(publicUrl.getScheme(), origins());
        boolean passPreflight = config.bool("pass-preflight", false);

        String clientId = config.string("client-id");
        ProviderCalls calls = new ProviderCalls(
                context.http(),
                clientId,
                config.optional("client-secret").orElse(null),
                config.oneOf(ProviderCalls.ClientAuth.class, "client-auth", ProviderCalls.ClientAuth.BASIC));
        PluginConfig oauth2 = config.section("oauth2").orElse(null);
        if (config.has("issuer") == (oauth2 != null)) {
            throw config.wrong("issuer", "(expected: either issuer or a section oauth2)");
        }
        OidcProvider oidc = oauth2 == null ? oidc(clientId, calls) : null;
        IdentityProvider provider = oauth2 != null ? profile(oauth2, clientId, calls) : required(oidc);
        List<Requirement> requirements = requirements(oidc != null);
        BearerTokens bearers = bearers(oidc, headers);
        URI after = afterLogout(urls, paths);
        boolean atProvider = config.bool("logout.provider", true);
        InetSocketAddress backChannelAddress = backChannelAddress(oidc);

        PluginConfig session = config.section("session").orElse(null);
        Duration idle = session == null ? Duration.ofHours(1) : session.duration("idle", Duration.ofHours(1));
        Duration longest = session == null ? Duration.ofHours(12) : session.duration("longest", Duration.ofHours(12));
        if (session != null && longest.compareTo(LONGEST_LIFE) > 0) {
            throw session.wrong("longest", longest + " (expected: at most 30 days)");
        }
        StoreConfig stored = new StoreConfig(context, session);
        KeyRing keys = keys(stored.isShared());

        // From here on resources are held; whatever is wrong with the configuration has been said above.
        SessionStore store = stored.open();
        Sessions sessions = new Sessions(
                store, new SessionCodec(keys), headers::proceed, domain == null ? urls.loginHost() : null, clock, idle);
        LoginTransactions transactions = new LoginTransactions(cookies, keys, clock);
        Login login =
                new Login(provider, transactions, sessions, store, cookies, urls, paths, networks, clock, longest);
        SsoParts parts = new SsoParts(
                paths,
                urls.loginHost(),
                cookies,
                sessions,
                store,
                provider,
                new Renewals(store, sessions, provider, clock, context.timer()),
                login,
                new SiblingHosts(login, transactions, sessions, cookies, urls, paths, clock, domain == null),
                new Logout(provider, sessions, cookies, origins, paths, after, atProvider),
                origins,
                requirements,
                identityHeaders(claimByHeader, assertions),
                passPreflight,
                networks,
                bearers,
                assertions,
                backChannelAddress == null
                        ? null
                        : backChannel(backChannelAddress, required(oidc), clientId, sessions, store));
        provider.reachable(); // asks now, so that the first login need not wait
        return new SsoAuthenticator(parts, clock);
    }

    private URI publicUrl() {
        URI url = config.uri("public-url");
        boolean origin = (url.getRawPath() == null
                        || url.getRawPath().isEmpty()
                        || url.getRawPath().equals("/"))
                && url.getRawQuery() == null
                && url.getRawUserInfo() == null
                && url.getHost() != null
                && Hosts.isPattern(url.getHost())
                && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()));
        if (!origin) {
            throw config.wrong(
                    "public-url", url + " (expected: scheme and host in lower case, such as https://example.org)");
        }
        return url;
    }

    private List<String> hosts(PluginConfig from, String key) {
        List<String> hosts = from.strings(key);
        for (String host : hosts) {
            if (!Hosts.isPattern(host)) {
                throw from.wrong(key, host + " (expected: a host in lower case without port, or *. and one)");
            }
        }
        return hosts;
    }

    private String pathPrefix() {
        String prefix = config.string("path-prefix", "/.sluice/sso");
        if (!prefix.matches("(/[A-Za-z0-9._-]+)+") || prefix.matches(".*/\\.{1,2}(/.*)?")) {
            throw config.wrong("path-prefix", prefix + " (expected: a path such as /.sluice/sso)");
        }
        return prefix;
    }

    private static @Nullable String domain(PluginConfig cookie, String loginHost) {
        String domain = cookie.optional("domain").orElse(null);
        if (domain != null && !loginHost.equals(domain) && !loginHost.endsWith("." + domain)) {
            throw cookie.wrong("domain", domain + " (expected: the host of public-url or a domain above it)");
        }
        return domain;
    }

    private static Cookies cookies(@Nullable PluginConfig cookie, @Nullable String domain, URI publicUrl) {
        boolean secure = cookie == null || cookie.bool("secure", true);
        String name = cookie == null ? "sluice" : cookie.string("name", "sluice");
        if (cookie != null && !name.matches("[A-Za-z0-9-]+")) {
            throw cookie.wrong("name", name + " (expected: letters, digits and dashes; the prefix is added)");
        }
        if (!secure && publicUrl.getScheme().equals("https")) {
            throw java.util.Objects.requireNonNull(cookie)
                    .wrong("secure", "false (expected: true, as public-url is https)");
        }
        if (!secure) {
            LOG.warn("cookies are not Secure: whoever sees the network sees the sessions. For development only.");
        }
        return new Cookies(name, domain, secure);
    }

    private Map<String, String> headers() {
        Map<String, String> claimByHeader = new LinkedHashMap<>();
        config.section("headers")
                .ifPresent(section -> section.keys().forEach(name -> claimByHeader.put(name, section.string(name))));
        return claimByHeader;
    }

    private static Set<String> identityHeaders(Map<String, String> claimByHeader, @Nullable Assertions assertions) {
        Set<String> names = new HashSet<>(claimByHeader.keySet());
        if (assertions != null) {
            names.add(assertions.header());
        }
        return Set.copyOf(names);
    }

    private Set<String> origins() {
        for (String origin : config.strings("allowed-origins")) {
            if (!origin.matches("https?://[a-z0-9.-]+(:[0-9]{1,5})?")) {
                throw config.wrong("allowed-origins", origin + " (expected: an origin such as https://example.org)");
            }
        }
        return Set.copyOf(config.strings("allowed-origins"));
    }

    private OidcProvider oidc(String clientId, ProviderCalls calls) {
        String issuer = config.uri("issuer").toString();
        if (issuer.startsWith("http:")) {
            LOG.warn("the issuer is reached over plain HTTP: whoever sees the network sees the tokens");
        }
        return new OidcProvider(
                new OidcProvider.Settings(
                        issuer,
                        clientId,
                        Scope.parse(config.string("scope", "openid profile email")),
                        config.string("user-claim", "sub"),
                        config.bool("userinfo", false)),
                calls,
                clock);
    }

    private ProfileProvider profile(PluginConfig oauth2, String clientId, ProviderCalls calls) {
        return new ProfileProvider(
                new ProfileProvider.Settings(
                        oauth2.uri("authorize"),
                        oauth2.uri("token"),
                        oauth2.uri("profile"),
                        oauth2.has("logout") ? oauth2.uri("logout") : null,
                        clientId,
                        Scope.parse(config.string("scope", "")),
                        config.string("user-claim"),
                        oauth2.duration("profile-for", Duration.ofSeconds(60))),
                calls,
                clock);
    }

    private List<Requirement> requirements(boolean verifiedEmails) {
        List<Requirement> requirements = new ArrayList<>();
        for (PluginConfig section : config.sections("require")) {
            List<String> hosts = hosts(section, "hosts");
            boolean emails = section.has("email-domains");
            if (emails == section.has("any-of")) {
                throw section.wrong("any-of", "(expected: either claim and any-of, or email-domains)");
            }
            requirements.add(
                    emails
                            ? new Requirement(
                                    hosts,
                                    section.string("claim", "email"),
                                    section.strings("email-domains"),
                                    verifiedEmails ? Requirement.Kind.VERIFIED_EMAIL : Requirement.Kind.EMAIL)
                            : new Requirement(
                                    hosts, section.string("claim"), section.strings("any-of"), Requirement.Kind.VALUE));
        }
        return List.copyOf(requirements);
    }

    private @Nullable BearerTokens bearers(@Nullable OidcProvider oidc, IdentityHeaders headers) {
        PluginConfig bearer = config.section("bearer").orElse(null);
        if (bearer == null) {
            return null;
        }
        if (oidc == null) {
            throw config.wrong("bearer", "(expected: with issuer, whose tokens can be verified)");
        }
        return new BearerTokens(
                oidc.verifier(),
                config.uri("issuer").toString(),
                bearer.string("audience"),
                config.string("user-claim", "sub"),
                headers,
                clock);
    }

    private URI afterLogout(ReturnUrls urls, OwnPaths paths) {
        return config.has("logout.return")
                ? config.uri("logout.return")
                : URI.create(urls.origin(urls.loginHost()) + paths.loggedOut());
    }

    private @Nullable Networks networks() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (PluginConfig group : config.sections("bind-to-networks")) {
            groups.put(group.string("name"), group.strings("networks"));
        }
        try {
            return groups.isEmpty() ? null : Networks.of(groups);
        } catch (IllegalArgumentException e) {
            throw config.wrong("bind-to-networks", e.getMessage() + " (expected: networks such as 10.0.0.0/8)");
        }
    }

    private @Nullable Assertions assertions(URI publicUrl) {
        PluginConfig assertion = config.section("assertion").orElse(null);
        if (assertion == null) {
            return null;
        }
        String file = assertion.string("key-file");
        try {
            return new Assertions(
                    assertion.string("header", "X-Sluice-Assertion"),
                    publicUrl.toString(),
                    JWKSet.parse(Files.readString(Path.of(file))),
                    clock);
        } catch (IOException | ParseException e) {
            throw assertion.wrong("key-file", file + ": unreadable (expected: a JWK set with private keys)");
        } catch (IllegalArgumentException e) {
            throw assertion.wrong("key-file", file + ": " + e.getMessage());
        }
    }

    /** Without a secret the sessions and logins of this process are its own. */
    private KeyRing keys(boolean shared) {
        List<String> secrets = config.strings("secrets");
        if (secrets.isEmpty()) {
            if (shared) {
                throw config.wrong("secrets", "missing (expected: at least one, as the sessions are shared)");
            }
            return KeyRing.random();
        }
        if (secrets.stream().anyMatch(secret -> secret.length() < SHORTEST_SECRET)) {
            throw config.wrong(
                    "secrets", "too short (expected: at least " + SHORTEST_SECRET + " random characters each)");
        }
        return KeyRing.of(secrets);
    }

    private @Nullable InetSocketAddress backChannelAddress(@Nullable OidcProvider oidc) {
        PluginConfig backChannel = config.section("back-channel").orElse(null);
        if (backChannel == null) {
            return null;
        }
        if (oidc == null) {
            throw config.wrong("back-channel", "(expected: with issuer, whose logout tokens can be verified)");
        }
        return new InetSocketAddress(
                backChannel.string("host", "127.0.0.1"), backChannel.integer("port", -1, 0, 65535));
    }

    private BackChannelListener backChannel(
            InetSocketAddress address, OidcProvider oidc, String clientId, Sessions sessions, SessionStore store) {
        try {
            return new BackChannelListener(
                    address,
                    oidc.verifier(),
                    config.uri("issuer").toString(),
                    clientId,
                    sessions,
                    store,
                    clock,
                    context.timer());
        } catch (IOException e) {
            store.close();
            throw config.wrong("back-channel", address + ": " + e.getMessage());
        }
    }

    private static OidcProvider required(@Nullable OidcProvider oidc) {
        return java.util.Objects.requireNonNull(oidc);
    }
}
