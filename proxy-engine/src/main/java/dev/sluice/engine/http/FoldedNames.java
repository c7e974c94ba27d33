package dev.sluice.engine.http;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A set of field names under a fold: case is ignored and everything but letters and digits counts as one character.
 * CGI, WSGI and their heirs see {@code X-User}, {@code x_user} and {@code X.User} as one variable, so a proxy that guards
 * a name has to guard all of its spellings.
 *
 * <p>Looking up allocates nothing: open addressing over a table at most a quarter full.
 */
final class FoldedNames {

    private static final char[] FOLD = new char[128];

    static {
        for (char c = 0; c < FOLD.length; c++) {
            boolean upper = c >= 'A' && c <= 'Z';
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            FOLD[c] = upper ? (char) (c | 0x20) : plain ? c : '-';
        }
    }

    private final List<String> names;
    private final int[] slots;

    private FoldedNames(List<String> names) {
        this.names = names;
        this.slots = new int[Integer.highestOneBit(Math.max(1, names.size())) * 8];
        for (int i = 0; i < names.size(); i++) {
            int at = hash(names.get(i)) & (slots.length - 1);
            while (slots[at] != 0) {
                at = (at + 1) & (slots.length - 1);
            }
            slots[at] = i + 1;
        }
    }

    static FoldedNames of(Collection<String> names) {
        Set<String> folded = new LinkedHashSet<>();
        for (String name : names) {
            folded.add(fold(name));
        }
        return new FoldedNames(List.copyOf(folded));
    }

    /** The position of {@code name} among the distinct names that were given, or -1. */
    int indexOf(CharSequence name) {
        return names.isEmpty() ? -1 : indexOf(name, hash(name));
    }

    /** {@link #indexOf(CharSequence)} where {@link #hash} of the name is known already. */
    int indexOf(CharSequence name, int hash) {
        for (int at = hash & (slots.length - 1); slots[at] != 0; at = (at + 1) & (slots.length - 1)) {
            if (same(names.get(slots[at] - 1), name)) {
                return slots[at] - 1;
            }
        }
        return -1;
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    static int hash(CharSequence name) {
        int hash = name.length();
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + fold(name.charAt(i));
        }
        return hash ^ (hash >>> 15);
    }

    /** Whether {@code a} and {@code b} are one name under the fold. */
    static boolean same(CharSequence a, CharSequence b) {
        int length = a.length();
        if (length != b.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (fold(a.charAt(i)) != fold(b.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code name} begins with {@code prefix}, which is folded already. */
    static boolean startsWith(CharSequence name, String prefix) {
        if (name.length() < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (fold(name.charAt(i)) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code name} has no other mark than the dash: it is the name itself, not an alias of it. */
    static boolean isPlain(CharSequence name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '-' && fold(c) == '-') {
                return false;
            }
        }
        return true;
    }

    private static String fold(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            folded.append(fold(name.charAt(i)));
        }
        return folded.toString();
    }

    private static char fold(char c) {
        return c < 128 ? FOLD[c] : '-';
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
