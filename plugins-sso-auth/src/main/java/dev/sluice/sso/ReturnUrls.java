package dev.sluice.sso;

import dev.sluice.api.ProxyRequest;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The deployment's own hosts, and which URLs a login may lead back to: those on them, and nothing that looks alike. */
final class ReturnUrls {

    /** Longer ones would not fit a cookie beside four others. */
    private static final int LONGEST = 1024;

    /** Scheme, host, optional port, and a rest that starts a path. No user info, no backslash, no control, no blank. */
    private static final Pattern ABSOLUTE =
            Pattern.compile("(https?)://([a-z0-9.-]+)(:[0-9]{1,5})?(/[\\x21\\x23-\\x5b\\x5d-\\x7e]*)");

    private final String scheme;
    private final String port;
    private final String loginHost;
    private final List<String> patterns;

    /**
     * @param publicUrl the origin of the login host
     * @param patterns further hosts, each a name or {@code *.} and a name
     */
    ReturnUrls(URI publicUrl, List<String> patterns) {
        this.scheme = publicUrl.getScheme();
        this.port = publicUrl.getPort() < 0 ? "" : ":" + publicUrl.getPort();
        this.loginHost = publicUrl.getHost();
        this.patterns = patterns;
    }

    String loginHost() {
        return loginHost;
    }

    /** The origin of {@code host}, which is one of the deployment's. */
    String origin(String host) {
        return scheme + "://" + host + port;
    }

    boolean isOwnHost(String host) {
        return host.equals(loginHost) || Hosts.matchesAny(patterns, host);
    }

    /** Where {@code request} came from, to be returned to. */
    String of(ProxyRequest request) {
        String whole = origin(request.host()) + request.target();
        if (accepts(whole)) {
            return whole;
        }
        String path = origin(request.host()) + request.path();
        return accepts(path) ? path : origin(request.host()) + "/";
    }

    /** {@code url} if it leads to one of the deployment's hosts; else the login host's front page. */
    String checked(String url) {
        return accepts(url) ? url : origin(loginHost) + "/";
    }

    private boolean accepts(String url) {
        if (url.length() > LONGEST) {
            return false;
        }
        Matcher parts = ABSOLUTE.matcher(url);
        return parts.matches()
                && parts.group(1).equals(scheme)
                && (parts.group(3) == null ? "" : parts.group(3)).equals(port)
                && isOwnHost(parts.group(2));
    }
}
