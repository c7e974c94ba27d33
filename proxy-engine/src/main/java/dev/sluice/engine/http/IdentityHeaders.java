package dev.sluice.engine.http;

import java.util.Collection;
import java.util.List;

/** The names by which the proxy tells upstreams who the user is. What a client sends under them never passes. */
public final class IdentityHeaders {

    /** A proxy that tells nobody. */
    public static final IdentityHeaders NONE = of(List.of());

    private final FoldedNames names;

    private IdentityHeaders(FoldedNames names) {
        this.names = names;
    }

    /** All names that the configured authenticators declare. */
    public static IdentityHeaders of(Collection<String> names) {
        return new IdentityHeaders(FoldedNames.of(names));
    }

    /**
     * Whether {@code name} is one of them: without regard to case, and with every character that is neither a letter nor
     * a digit taken for one and the same. Allocates nothing.
     */
    public boolean matches(CharSequence name) {
        return names.indexOf(name) >= 0;
    }

    @Override
    public String toString() {
        return "IdentityHeaders" + names;
    }
}
