package dev.sluice.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Edits of a head's fields, as data: the engine applies them, in order, while the outgoing head is written.
 *
 * <p>Framing and connection headers are the engine's alone ({@code Content-Length}, {@code Transfer-Encoding},
 * {@code Connection} …), and cookies are the {@link CookieMerger}'s: edits of those names are refused when they are made.
 */
public final class HeaderEdits {

    /** No edits. */
    public static final HeaderEdits NONE = new HeaderEdits(List.of());

    private static final Set<String> RESERVED = Set.of(
            "connection",
            "content-length",
            "cookie",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final List<Edit> edits;

    private HeaderEdits(List<Edit> edits) {
        this.edits = edits;
    }

    /** One edit of one field name. */
    public sealed interface Edit {
        /** The field name that is edited. */
        String name();
    }

    /** Replaces every field line of {@code name} by one with {@code value}. */
    public record Put(String name, String value) implements Edit {
        public Put {
            checkName(name);
            checkValue(name, value);
        }
    }

    /** Adds a field line behind those that are there. */
    public record Add(String name, String value) implements Edit {
        public Add {
            checkName(name);
            checkValue(name, value);
        }
    }

    /** Removes every field line of {@code name}. */
    public record Remove(String name) implements Edit {
        public Remove {
            checkName(name);
        }
    }

    /** The edits, in the order in which they are applied. */
    public List<Edit> edits() {
        return edits;
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return edits.isEmpty();
    }

    /** These edits, followed by {@code later}. */
    public HeaderEdits then(HeaderEdits later) {
        if (later.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return later;
        }
        List<Edit> both = new ArrayList<>(edits);
        both.addAll(later.edits);
        return new HeaderEdits(List.copyOf(both));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects edits in order. */
    public static final class Builder {
        private final List<Edit> edits = new ArrayList<>();

        private Builder() {}

        /** Replaces every field line of {@code name} by one with {@code value}. */
        public Builder put(String name, String value) {
            edits.add(new Put(name, value));
            return this;
        }

        /** Adds a field line behind those that are there. */
        public Builder add(String name, String value) {
            edits.add(new Add(name, value));
            return this;
        }

        /** Removes every field line of {@code name}. */
        public Builder remove(String name) {
            edits.add(new Remove(name));
            return this;
        }

        public HeaderEdits build() {
            return edits.isEmpty() ? NONE : new HeaderEdits(List.copyOf(edits));
        }
    }

    private static void checkName(String name) {
        FieldSyntax.checkName(name);
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("header: " + name
                    + " (expected: a name that is not one of the engine's own: " + sortedReserved() + ")");
        }
    }

    private static void checkValue(String name, String value) {
        FieldSyntax.checkValue(name, value);
    }

    private static String sortedReserved() {
        return String.join(", ", RESERVED.stream().sorted().toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderEdits that && edits.equals(that.edits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(edits);
    }

    /** Names only: a value may be a secret. */
    @Override
    public String toString() {
        return "HeaderEdits"
                + edits.stream()
                        .map(e -> e.getClass().getSimpleName() + " " + e.name())
                        .toList();
    }
}
