package dev.sluice.sso;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Why a login, a renewal or a look-up did not come to a good end. The message is for logs and holds no secret. */
final class SsoFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    enum Kind {
        /** What was presented is not valid: a code, a token, an answer of the provider that does not verify. */
        REFUSED,
        /** The provider says that the session is over. */
        ENDED,
        /** The provider or the session store cannot be asked now. */
        UNAVAILABLE
    }

    private final Kind kind;

    private SsoFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
    }

    static SsoFailure refused(String message) {
        return new SsoFailure(Kind.REFUSED, message, null);
    }

    static SsoFailure ended(String message) {
        return new SsoFailure(Kind.ENDED, message, null);
    }

    static SsoFailure unavailable(String message, @Nullable Throwable cause) {
        return new SsoFailure(Kind.UNAVAILABLE, message, cause);
    }

    /** The message alone, as this is no surprise. */
    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }

    Kind kind() {
        return kind;
    }

    /** The kind of {@code error}; whatever this plugin did not foresee counts as something that cannot be asked now. */
    static Kind kindOf(Throwable error) {
        return unwrapped(error) instanceof SsoFailure failure ? failure.kind : Kind.UNAVAILABLE;
    }

    static Throwable unwrapped(Throwable error) {
        Throwable inner = error;
        while (inner instanceof CompletionException && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
