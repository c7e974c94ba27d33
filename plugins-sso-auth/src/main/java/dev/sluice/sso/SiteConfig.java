package dev.sluice.sso;

import dev.sluice.api.spi.PluginConfig;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployment as browsers see it.
 *
 * @param publicUrl of the host where logins happen
 * @param domain that one cookie is for; null if each host has its own
 * @param afterLogout where browsers end up
 */
record SiteConfig(
        URI publicUrl,
        ReturnUrls urls,
        OwnPaths paths,
        @Nullable String domain,
        Cookies cookies,
        URI afterLogout) {

    private static final Logger LOG = LoggerFactory.getLogger(SiteConfig.class);

    static SiteConfig read(PluginConfig config) {
        URI publicUrl = publicUrl(config);
        ReturnUrls urls = new ReturnUrls(publicUrl, Hosts.patterns(config, "hosts"));
        OwnPaths paths = new OwnPaths(pathPrefix(config));
        String domain = domain(config, urls.loginHost());
        return new SiteConfig(
                publicUrl,
                urls,
                paths,
                domain,
                cookies(config, domain, publicUrl),
                config.has("logout.return")
                        ? config.uri("logout.return")
                        : URI.create(urls.origin(urls.loginHost()) + paths.loggedOut()));
    }

    /** The only host where a session counts, other than through a link; null if it counts wherever its cookie goes. */
    @Nullable
    String mainHost() {
        return domain == null ? urls.loginHost() : null;
    }

    private static URI publicUrl(PluginConfig config) {
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

    private static String pathPrefix(PluginConfig config) {
        String prefix = config.string("path-prefix", "/.sluice/sso");
        if (!prefix.matches("(/[A-Za-z0-9._-]+)+") || prefix.matches(".*/\\.{1,2}(/.*)?")) {
            throw config.wrong("path-prefix", prefix + " (expected: a path such as /.sluice/sso)");
        }
        return prefix;
    }

    private static @Nullable String domain(PluginConfig config, String loginHost) {
        String domain = config.optional("cookie.domain").orElse(null);
        if (domain != null && !loginHost.equals(domain) && !loginHost.endsWith("." + domain)) {
            throw config.wrong("cookie.domain", domain + " (expected: the host of public-url or a domain above it)");
        }
        return domain;
    }

    private static Cookies cookies(PluginConfig config, @Nullable String domain, URI publicUrl) {
        String name = config.string("cookie.name", "sluice");
        if (!name.matches("[A-Za-z0-9-]+")) {
            throw config.wrong("cookie.name", name + " (expected: letters, digits and dashes; the prefix is added)");
        }
        boolean secure = config.bool("cookie.secure", true);
        if (!secure && publicUrl.getScheme().equals("https")) {
            throw config.wrong("cookie.secure", "false (expected: true, as public-url is https)");
        }
        if (!secure) {
            LOG.warn("cookies are not Secure: whoever sees the network sees the sessions. For development only.");
        }
        return new Cookies(name, domain, secure);
    }
}
