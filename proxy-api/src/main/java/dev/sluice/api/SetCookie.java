package dev.sluice.api;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the proxy's own cookies, to be set in the browser (RFC 6265bis §4.1).
 *
 * <p>The default is the safe form: {@code Path=/; Secure; HttpOnly; SameSite=Lax}, host-only, for the browser's session.
 * The honesty of the prefixes {@code __Host-} and {@code __Secure-} is checked when the cookie is made.
 */
public final class SetCookie {

    /** When a browser sends the cookie along with requests that another site caused. */
    public enum SameSite {
        STRICT("Strict"),
        LAX("Lax"),
        NONE("None");

        private final String attribute;

        SameSite(String attribute) {
            this.attribute = attribute;
        }
    }

    /** Longer lives are cut to this by browsers (RFC 6265bis §5.5). */
    private static final Duration LONGEST_LIFE = Duration.ofDays(400);

    private final String name;
    private final String value;
    private final String path;
    private final @Nullable String domain;
    private final @Nullable Duration maxAge;
    private final boolean secure;
    private final boolean httpOnly;
    private final SameSite sameSite;

    private SetCookie(Builder from) {
        name = from.name;
        value = from.value;
        path = from.path;
        domain = from.domain;
        maxAge = from.maxAge;
        secure = from.secure;
        httpOnly = from.httpOnly;
        sameSite = from.sameSite;
        check();
    }

    /** Starts a cookie with {@code value}, which is made of cookie octets (base64url is; RFC 6265bis §4.1.1). */
    public static Builder of(String name, String value) {
        return new Builder(name, value);
    }

    /** The cookie that makes a browser forget this one: same name, domain and path, and an end in the past. */
    public SetCookie deletion() {
        Builder gone = new Builder(name, "").path(path).maxAge(Duration.ZERO).sameSite(sameSite);
        gone.domain = domain;
        gone.secure = secure;
        gone.httpOnly = httpOnly;
        return gone.build();
    }

    public String name() {
        return name;
    }

    public String value() {
        return value;
    }

    /** The value of the {@code Set-Cookie} field. */
    public String toHeaderValue() {
        StringBuilder line = new StringBuilder(name.length() + value.length() + 64);
        line.append(name).append('=').append(value).append("; Path=").append(path);
        if (domain != null) {
            line.append("; Domain=").append(domain);
        }
        if (maxAge != null) {
            line.append("; Max-Age=").append(maxAge.toSeconds());
            if (maxAge.isZero()) {
                line.append("; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
            }
        }
        if (secure) {
            line.append("; Secure");
        }
        if (httpOnly) {
            line.append("; HttpOnly");
        }
        return line.append("; SameSite=").append(sameSite.attribute).toString();
    }

    private void check() {
        if (!FieldSyntax.isToken(name)) {
            throw new IllegalArgumentException("cookie name: \"" + name.replaceAll("[^\\x20-\\x7e]", "?")
                    + "\" (expected: a token, RFC 6265bis §4.1.1)");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\') {
                throw new IllegalArgumentException("value of cookie " + name + ": character 0x" + Integer.toHexString(c)
                        + " at index " + i + " (expected: cookie octets, RFC 6265bis §4.1.1)");
            }
        }
        if (name.length() + value.length() > 4096) {
            throw new IllegalArgumentException("cookie " + name + ": " + (name.length() + value.length())
                    + " octets of name and value (expected: at most 4096, RFC 6265bis §5.6)");
        }
        if (!path.startsWith("/") || hasDelimiter(path) || (domain != null && hasDelimiter(domain))) {
            throw new IllegalArgumentException("cookie " + name + ": path " + path + ", domain " + domain
                    + " (expected: a path that starts with /, and no control character, space or semicolon in either)");
        }
        boolean hostPrefix = name.regionMatches(true, 0, "__Host-", 0, 7);
        boolean securePrefix = name.regionMatches(true, 0, "__Secure-", 0, 9);
        if ((hostPrefix || securePrefix) && !secure) {
            throw new IllegalArgumentException(
                    "cookie " + name + ": not secure (expected: Secure, RFC 6265bis §4.1.3)");
        }
        if (hostPrefix && (domain != null || !path.equals("/"))) {
            throw new IllegalArgumentException("cookie " + name
                    + ": has a domain or a path (expected: Path=/ and no Domain, RFC 6265bis §4.1.3.2)");
        }
        if (sameSite == SameSite.NONE && !secure) {
            throw new IllegalArgumentException(
                    "cookie " + name + ": SameSite=None (expected: with Secure, RFC 6265bis §5.7)");
        }
        if (maxAge != null && (maxAge.isNegative() || maxAge.compareTo(LONGEST_LIFE) > 0)) {
            throw new IllegalArgumentException("cookie " + name + ": max-age " + maxAge + " (expected: 0-400 days)");
        }
    }

    private static boolean hasDelimiter(String s) {
        return s.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == ';');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SetCookie that && toHeaderValue().equals(that.toHeaderValue());
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, value);
    }

    /** Without the value, which is a secret. */
    @Override
    public String toString() {
        return "SetCookie[" + name + "]";
    }

    /** Collects the attributes of one cookie. */
    public static final class Builder {
        private final String name;
        private final String value;
        private String path = "/";
        private @Nullable String domain;
        private @Nullable Duration maxAge;
        private boolean secure = true;
        private boolean httpOnly = true;
        private SameSite sameSite = SameSite.LAX;

        private Builder(String name, String value) {
            this.name = name;
            this.value = value;
        }

        /** The path prefix on which the cookie is sent; {@code /} if not set. */
        public Builder path(String path) {
            this.path = path;
            return this;
        }

        /** Sends the cookie to {@code domain} and every host below it; the cookie is host-only if not set. */
        public Builder domain(String domain) {
            this.domain = domain;
            return this;
        }

        /** How long the cookie lives, 0 to 400 days; for the browser's session if not set. */
        public Builder maxAge(Duration maxAge) {
            this.maxAge = maxAge;
            return this;
        }

        /** Sends the cookie over plain HTTP too, which only a development set-up wants. */
        public Builder insecure() {
            this.secure = false;
            return this;
        }

        /** Lets scripts of the page read the cookie. */
        public Builder readableByScripts() {
            this.httpOnly = false;
            return this;
        }

        public Builder sameSite(SameSite sameSite) {
            this.sameSite = sameSite;
            return this;
        }

        public SetCookie build() {
            return new SetCookie(this);
        }
    }
}
