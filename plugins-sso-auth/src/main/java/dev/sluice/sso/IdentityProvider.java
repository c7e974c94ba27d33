package dev.sluice.sso;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The organisation's SSO, by one of the protocols that it may speak. A stage fails with an {@link SsoFailure}. */
interface IdentityProvider {

    /** Where the browser goes to log in. */
    CompletionStage<URI> loginPage(LoginTransaction transaction, URI callback);

    /** Turns the code that the browser brought back into an identity. */
    CompletionStage<Grant> exchange(String code, LoginTransaction transaction, URI callback);

    /** Asks again about a session; fails with {@link SsoFailure.Kind#ENDED} if the provider says that it is over. */
    CompletionStage<Grant> renew(SessionRecord record);

    /** Where the browser goes to log out of the provider too, and from there to {@code after}; empty if nowhere. */
    CompletionStage<Optional<URI>> logoutPage(SessionRecord record, URI after);

    /** The {@code iss} that the callback has to carry if it carries one (RFC 9207); empty if there is no such name. */
    Optional<String> issuer();

    /** Whether logins can be done now. */
    boolean reachable();
}
