package dev.sluice.api;

import java.util.List;
import java.util.Objects;

/** What an {@link Authenticator} decided about one request. */
public sealed interface AuthDecision {

    /**
     * The request may go on, as {@code identity}.
     *
     * @param toUpstream edits of the request's headers; they are applied after the client's headers of the declared
     *     identity names have been removed
     * @param cookies own cookies for the browser, added to whatever response the request ends with
     */
    record Proceed(Identity identity, HeaderEdits toUpstream, List<SetCookie> cookies) implements AuthDecision {
        public Proceed {
            Objects.requireNonNull(identity, "identity");
            Objects.requireNonNull(toUpstream, "toUpstream");
            cookies = List.copyOf(cookies);
        }
    }

    /** The request ends here with {@code response}: a login redirect, 401, 403. */
    record Respond(LocalResponse response, List<SetCookie> cookies) implements AuthDecision {
        public Respond {
            Objects.requireNonNull(response, "response");
            cookies = List.copyOf(cookies);
        }
    }

    /** Not this authenticator's to decide: the next one is asked, and if there is none the request is refused. */
    record Abstain() implements AuthDecision {
        private static final Abstain INSTANCE = new Abstain();
    }

    /** Lets the request pass as {@code identity}, with nothing added. */
    static AuthDecision proceed(Identity identity) {
        return new Proceed(identity, HeaderEdits.NONE, List.of());
    }

    /** Lets the request pass as {@code identity}, with {@code toUpstream} applied to the request's headers. */
    static AuthDecision proceed(Identity identity, HeaderEdits toUpstream) {
        return new Proceed(identity, toUpstream, List.of());
    }

    /** Ends the request with {@code response}. */
    static AuthDecision respond(LocalResponse response) {
        return new Respond(response, List.of());
    }

    /** Leaves the decision to the next authenticator. */
    static AuthDecision abstain() {
        return Abstain.INSTANCE;
    }
}
