package dev.sluice.sso;

import dev.sluice.api.Headers;
import dev.sluice.api.SetCookie;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The logins under way in a browser, each sealed in a short-lived cookie of its own: the proxy keeps nothing for visitors
 * whom it does not know.
 */
final class LoginTransactions {

    static final Duration LIFE = Duration.ofMinutes(10);
    private static final int MOST = 5;

    private final Cookies cookies;
    private final KeyRing keys;
    private final Clock clock;

    LoginTransactions(Cookies cookies, KeyRing keys, Clock clock) {
        this.cookies = cookies;
        this.keys = keys;
        this.clock = clock;
    }

    LoginTransaction begin(String returnTo) {
        return LoginTransaction.begin(returnTo, clock.instant());
    }

    /** The cookie of a transaction that has begun, and the deletions of those that are too many or dead. */
    List<SetCookie> remember(LoginTransaction transaction, Headers headers) {
        List<SetCookie> set = new ArrayList<>();
        List<Map.Entry<String, Instant>> alive = new ArrayList<>();
        for (String name : cookies.transactionNames(headers)) {
            LoginTransaction known = open(name, headers);
            if (known == null) {
                set.add(cookies.transactionDeletion(name));
            } else {
                alive.add(Map.entry(name, known.startedAt()));
            }
        }
        alive.sort(Map.Entry.comparingByValue(Comparator.naturalOrder()));
        for (int i = 0; i <= alive.size() - MOST; i++) {
            set.add(cookies.transactionDeletion(alive.get(i).getKey()));
        }
        String name = cookies.transactionName(transaction.state());
        String sealed = Secrets.base64Url(keys.seal(new byte[0], transaction.toBytes(), name));
        set.add(cookies.transaction(name, sealed, LIFE));
        return set;
    }

    /** The transaction of {@code state}, if this browser began it and it is not too old. */
    @Nullable
    LoginTransaction find(String state, Headers headers) {
        LoginTransaction known = open(cookies.transactionName(state), headers);
        return known != null && Secrets.same(known.state(), state) ? known : null;
    }

    SetCookie forget(String state) {
        return cookies.transactionDeletion(cookies.transactionName(state));
    }

    private @Nullable LoginTransaction open(String name, Headers headers) {
        for (String value : Cookies.values(headers.all("Cookie"), name)) {
            byte[] sealed = Secrets.fromBase64Url(value);
            byte[] plain = sealed == null ? null : keys.open(new byte[0], sealed, name);
            LoginTransaction known = plain == null ? null : LoginTransaction.fromBytes(plain);
            if (known != null && clock.instant().isBefore(known.startedAt().plus(LIFE))) {
                return known;
            }
        }
        return null;
    }
}
