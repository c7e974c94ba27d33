package dev.sluice.engine.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;

/** The comma-separated lists of tokens in field values (RFC 9110 §5.6.1, §5.6.2), read without copying. */
final class Tokens {

    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '!'; c < 0x7f; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
    }

    private Tokens() {}

    /** Whether {@code s} is one token. */
    static boolean isToken(CharSequence s) {
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c >= 128 || !TOKEN[c]) {
                return false;
            }
        }
        return s.length() > 0;
    }

    /** The length of {@code list} from {@code from} to {@code end}, less blanks on both sides. */
    static int length(String list, int from, int end) {
        return Math.max(0, last(list, from, end) - first(list, from, end));
    }

    /** Whether {@code list} from {@code from} to {@code end}, less blanks on both sides, is {@code token} in any case. */
    static boolean is(String list, int from, int end, String token) {
        return length(list, from, end) == token.length()
                && list.regionMatches(true, first(list, from, end), token, 0, token.length());
    }

    /** Whether {@code token}, in any case, is an element of {@code list}. */
    static boolean contains(String list, String token) {
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int end = comma < 0 ? list.length() : comma;
            if (is(list, from, end, token)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }

    /** Whether {@code token}, in any case, is an element of one of the field lines of {@code name}. */
    static boolean contains(HttpHeaders headers, CharSequence name, String token) {
        Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
        while (values.hasNext()) {
            if (contains(values.next().toString(), token)) {
                return true;
            }
        }
        return false;
    }

    private static int first(String list, int from, int end) {
        int first = from;
        while (first < end && isBlank(list.charAt(first))) {
            first++;
        }
        return first;
    }

    private static int last(String list, int from, int end) {
        int last = end;
        while (last > from && isBlank(list.charAt(last - 1))) {
            last--;
        }
        return last;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
