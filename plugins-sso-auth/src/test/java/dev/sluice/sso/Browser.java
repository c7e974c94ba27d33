package dev.sluice.sso;

import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.RawReply;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A browser as far as logins need one: it keeps cookies by the rules, follows redirects, and marks what it sends as a
 * navigation. The hosts of the deployment lead to a replica; everything else is real HTTP.
 */
final class Browser {

    /** What a page's load ended with. */
    record Page(String url, int status, Function<String, List<String>> headers, String text) {
        @Nullable
        String header(String name) {
            List<String> all = headers.apply(name);
            return all.isEmpty() ? null : all.get(0);
        }

        /** Where a redirect leads. */
        String location() {
            String location = Objects.requireNonNull(header("Location"), text);
            return URI.create(url).resolve(location).toString();
        }
    }

    private record Cookie(String name, String value, String host, boolean hostOnly, String path) {
        boolean goesTo(URI url) {
            String to = url.getHost();
            return (hostOnly ? to.equals(host) : to.equals(host) || to.endsWith("." + host))
                    && (url.getPath().startsWith(path));
        }
    }

    private static final HttpClient OUTSIDE = HttpClient.newHttpClient();

    private final List<Cookie> jar = new ArrayList<>();
    private final List<String> visited = new ArrayList<>();
    private volatile InetSocketAddress proxy;

    Browser(InetSocketAddress proxy) {
        this.proxy = proxy;
    }

    /** The balancer chooses another replica. */
    Browser through(InetSocketAddress other) {
        proxy = other;
        return this;
    }

    /** Opens a page and follows redirects to the end. */
    Page open(String url) {
        return followed(load(url));
    }

    private Page followed(Page first) {
        Page page = first;
        for (int hops = 0; hops < 15 && page.status >= 300 && page.status < 400; hops++) {
            page = load(page.location());
        }
        return page;
    }

    /** Opens a page and follows redirects until one leads to {@code part}, which is not followed: its URL. */
    String openUntil(String url, String part) {
        String next = url;
        for (int hops = 0; hops < 15; hops++) {
            next = load(next).location();
            if (next.contains(part)) {
                return next;
            }
        }
        throw new AssertionError("no redirect to " + part);
    }

    /** One request of a navigation. */
    Page load(String url) {
        return send("GET", url, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Accept: text/html");
    }

    /** One request as a script of the page would make it. */
    Page fetch(String url, String... headers) {
        List<String> all = new ArrayList<>(List.of("Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty", "Accept: */*"));
        all.addAll(List.of(headers));
        return send("GET", url, all.toArray(String[]::new));
    }

    Page send(String method, String url, String... headers) {
        URI uri = URI.create(url);
        return took(isOurs(uri.getHost()) ? inside(method, uri, headers) : outside(method, uri, "", headers));
    }

    /** Submits a form to a page elsewhere, and follows redirects to the end. */
    Page submit(String url, String form) {
        return followed(
                took(outside("POST", URI.create(url), form, "Content-Type: application/x-www-form-urlencoded")));
    }

    private Page took(Page page) {
        visited.add(page.url);
        page.headers.apply("Set-Cookie").forEach(line -> keep(line, URI.create(page.url)));
        return page;
    }

    private static boolean isOurs(String host) {
        return host.equals("p.test") || host.endsWith(".p.test");
    }

    private Page inside(String method, URI url, String... headers) {
        try (RawClient client = RawClient.connect(proxy)) {
            client.send(request(method, url, headers));
            RawReply reply = method.equals("HEAD") ? client.readReplyHead() : client.readReply();
            return new Page(url.toString(), reply.status(), reply::headers, reply.text());
        }
    }

    /** The bytes of a request with this browser's cookies. */
    String request(String method, URI url, String... headers) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        StringBuilder text =
                new StringBuilder(method + " " + path + query + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n");
        String cookies = cookieHeader(url);
        if (!cookies.isEmpty()) {
            text.append("Cookie: ").append(cookies).append("\r\n");
        }
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        if (!method.equals("GET")) {
            text.append("Content-Length: 0\r\n");
        }
        return text.append("\r\n").toString();
    }

    private Page outside(String method, URI url, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).method(method, HttpRequest.BodyPublishers.ofString(body));
        for (String header : headers) {
            request.setHeader(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        }
        String cookies = cookieHeader(url);
        if (!cookies.isEmpty()) {
            request.setHeader("Cookie", cookies);
        }
        try {
            HttpResponse<String> reply = OUTSIDE.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Page(url.toString(), reply.statusCode(), reply.headers()::allValues, reply.body());
        } catch (Exception e) {
            throw new AssertionError(url.getHost(), e);
        }
    }

    String cookieHeader(URI url) {
        return jar.stream()
                .filter(cookie -> cookie.goesTo(url))
                .map(cookie -> cookie.name + "=" + cookie.value)
                .collect(Collectors.joining("; "));
    }

    private void keep(String line, URI from) {
        String[] parts = line.split(";");
        String name = parts[0].substring(0, parts[0].indexOf('=')).strip();
        String value = parts[0].substring(parts[0].indexOf('=') + 1).strip();
        Map<String, String> attributes = new java.util.HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].strip().split("=", 2);
            attributes.put(pair[0].toLowerCase(java.util.Locale.ROOT), pair.length > 1 ? pair[1] : "");
        }
        String domain = attributes.get("domain");
        if (name.startsWith("__Host-") && (domain != null || !"/".equals(attributes.get("path")))) {
            return;
        }
        plant(
                name,
                value,
                domain == null ? from.getHost() : domain,
                domain == null,
                attributes.getOrDefault("path", "/"));
        if ("0".equals(attributes.get("max-age"))) {
            jar.removeIf(cookie -> cookie.name.equals(name) && cookie.value.equals(value));
        }
    }

    /** Sets a cookie, as a server or an attacker might. */
    void plant(String name, String value, String host, boolean hostOnly, String path) {
        jar.removeIf(known -> known.name.equals(name)
                && known.host.equals(host)
                && known.hostOnly == hostOnly
                && known.path.equals(path));
        jar.add(new Cookie(name, value, host, hostOnly, path));
    }

    /** The value of a cookie that would go to {@code url}, null if there is none. */
    @Nullable
    String cookie(String name, String url) {
        return jar.stream()
                .filter(cookie -> cookie.name.equals(name) && cookie.goesTo(URI.create(url)))
                .map(Cookie::value)
                .findFirst()
                .orElse(null);
    }

    List<String> cookieNames(String url) {
        return jar.stream()
                .filter(cookie -> cookie.goesTo(URI.create(url)))
                .map(Cookie::name)
                .toList();
    }

    void forgetCookies() {
        jar.clear();
    }

    /** Every URL that was asked for, redirects included. */
    List<String> visited() {
        return visited;
    }
}
