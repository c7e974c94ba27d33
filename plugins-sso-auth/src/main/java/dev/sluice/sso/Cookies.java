package dev.sluice.sso;

import dev.sluice.api.Headers;
import dev.sluice.api.SetCookie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The plugin's cookies: the session's, and one for each login under way. Both are host-only with the prefix
 * {@code __Host-}, which no sibling host can plant, unless the deployment asks otherwise.
 */
final class Cookies {

    /** Several cookies of one name may arrive, some planted; more than this are not looked at. */
    private static final int MOST_VALUES = 4;

    private final String session;
    private final String transactionPrefix;
    private final @Nullable String domain;
    private final boolean secure;

    /**
     * @param domain the domain of the session cookie; null for host-only
     * @param secure false only where the proxy is developed, over plain HTTP
     */
    Cookies(String name, @Nullable String domain, boolean secure) {
        this.domain = domain;
        this.secure = secure;
        this.session = (!secure ? "" : domain == null ? "__Host-" : "__Secure-") + name;
        this.transactionPrefix = (secure ? "__Host-" : "") + name + "_tx_";
    }

    /** What {@link dev.sluice.api.Authenticator#ownCookies()} declares; transactions' names are derived from these. */
    Set<String> ownNames() {
        String base = transactionPrefix.substring(0, transactionPrefix.length() - "_tx_".length());
        return base.equals(session) ? Set.of(session) : Set.of(session, base);
    }

    String sessionName() {
        return session;
    }

    /** The values of the session cookie, as they came. */
    List<String> sessionValues(Headers headers) {
        List<String> lines = headers.all("Cookie");
        return lines.isEmpty() ? lines : values(lines, session);
    }

    /** What {@code name} is set to; names are compared with regard to case (RFC 6265bis §4.2). */
    static List<String> values(List<String> lines, String name) {
        List<String> values = List.of();
        for (String line : lines) {
            int from = 0;
            while (from < line.length()) {
                int semicolon = line.indexOf(';', from);
                int to = semicolon < 0 ? line.length() : semicolon;
                int start = from;
                while (start < to && (line.charAt(start) == ' ' || line.charAt(start) == '\t')) {
                    start++;
                }
                int equals = start + name.length();
                if (equals < to && line.charAt(equals) == '=' && line.startsWith(name, start)) {
                    String value = line.substring(equals + 1, to).strip();
                    if (values.isEmpty()) {
                        values = List.of(value);
                    } else if (values.size() < MOST_VALUES) {
                        values = new ArrayList<>(values);
                        values.add(value);
                    }
                }
                from = to + 1;
            }
        }
        return values;
    }

    /** The names of all transaction cookies that came, in order. */
    List<String> transactionNames(Headers headers) {
        List<String> names = new ArrayList<>();
        for (String line : headers.all("Cookie")) {
            for (String pair : line.split(";", -1)) {
                String text = pair.strip();
                int equals = text.indexOf('=');
                if (equals > 0 && text.startsWith(transactionPrefix)) {
                    names.add(text.substring(0, equals));
                }
            }
        }
        return names;
    }

    /** The name of the cookie for {@code state}, which does not give {@code state} away. */
    String transactionName(String state) {
        return transactionPrefix + Secrets.hash(state).substring(0, 16);
    }

    SetCookie session(SessionTicket ticket, Duration life) {
        SetCookie.Builder cookie = sessionCookie(ticket.text()).maxAge(life);
        return cookie.build();
    }

    SetCookie sessionDeletion() {
        return sessionCookie("").build().deletion();
    }

    private SetCookie.Builder sessionCookie(String value) {
        SetCookie.Builder cookie = SetCookie.of(session, value);
        if (domain != null) {
            cookie.domain(domain);
        }
        return secure ? cookie : cookie.insecure();
    }

    SetCookie transaction(String name, String value, Duration life) {
        SetCookie.Builder cookie = SetCookie.of(name, value).maxAge(life);
        return (secure ? cookie : cookie.insecure()).build();
    }

    SetCookie transactionDeletion(String name) {
        return transaction(name, "", Duration.ZERO).deletion();
    }
}
