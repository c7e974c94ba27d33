package dev.sluice.django;

import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.spi.HttpCalls;
import dev.sluice.api.spi.PluginConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What of a client's request the calls to Django carry: an allow-list of its headers, and who the user is. */
final class CallHeaders {

    /** In place of a claim's name: the id of the user. */
    private static final String USER_ID = "{user-id}";

    private static final List<String> CLIENT_HEADERS =
            List.of("cookie", "host", "x-csrftoken", "x-scheme", "x-forwarded-proto", "referer", "user-agent");

    private final List<String> clientHeaders;
    private final Map<String, String> claimsByHeader;

    private CallHeaders(List<String> clientHeaders, Map<String, String> claimsByHeader) {
        this.clientHeaders = clientHeaders;
        this.claimsByHeader = claimsByHeader;
    }

    static CallHeaders read(PluginConfig config, String noModifyHeader) {
        List<String> clientHeaders =
                new ArrayList<>(config.has("client-headers") ? config.strings("client-headers") : CLIENT_HEADERS);
        clientHeaders.replaceAll(name -> name.toLowerCase(Locale.ROOT));
        if (!clientHeaders.contains(noModifyHeader)) {
            clientHeaders.add(noModifyHeader);
        }
        Map<String, String> claims =
                config.section("identity-headers").map(CallHeaders::claims).orElseGet(CallHeaders::defaultClaims);
        for (String identityHeader : claims.keySet()) {
            if (clientHeaders.stream().anyMatch(name -> folded(name).equals(folded(identityHeader)))) {
                throw config.wrong(
                        "client-headers",
                        identityHeader + " (expected: no identity header, for clients could forge it)");
            }
        }
        return new CallHeaders(List.copyOf(clientHeaders), claims);
    }

    private static Map<String, String> claims(PluginConfig section) {
        Map<String, String> claims = new LinkedHashMap<>();
        section.keys().forEach(header -> claims.put(header, section.string(header)));
        return claims;
    }

    private static Map<String, String> defaultClaims() {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("sso-profile-user-id", USER_ID);
        for (String claim : List.of("email", "contact_email", "related_emails", "first_name", "last_name")) {
            claims.put("sso-profile-" + claim.replace('_', '-'), claim);
        }
        return claims;
    }

    /** {@code call} with the headers that stem from {@code request}. */
    HttpCalls.Call addTo(HttpCalls.Call call, ProxyRequest request) {
        HttpCalls.Call filled = call;
        for (String name : clientHeaders) {
            for (String value : clientValues(name, request)) {
                filled = filled.withHeader(name, value);
            }
        }
        Identity identity = request.identity().orElse(Identity.ANONYMOUS);
        if (identity == Identity.ANONYMOUS) {
            return filled;
        }
        for (Map.Entry<String, String> entry : claimsByHeader.entrySet()) {
            String claim = entry.getValue();
            List<String> values = claim.equals(USER_ID) ? List.of(identity.userId()) : identity.claims(claim);
            if (!values.isEmpty()) {
                filled = filled.withHeader(entry.getKey(), utf8(String.join(",", values)));
            }
        }
        return filled;
    }

    private static List<String> clientValues(String name, ProxyRequest request) {
        return switch (name) {
            case "host" -> List.of(request.authority());
            // What a client says of its scheme is believed only if the engine believes it.
            case "x-scheme", "x-forwarded-proto" -> List.of(request.scheme());
            case "cookie" -> {
                List<String> lines = request.headers().all(name);
                yield lines.isEmpty() ? lines : List.of(String.join("; ", lines));
            }
            default -> request.headers().all(name);
        };
    }

    /** Field values are octets (RFC 9110 §5.5); this is the text whose Latin-1 octets are {@code value}'s in UTF-8. */
    private static String utf8(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** A name as WSGI sees it: everything that is not alphanumeric is one character. */
    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
    }
}
