package com.example.proxy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code Authorization: Hawk id="…", ts="…", nonce="…", mac="…"}, with {@code hash} and {@code ext} if the signer put
 * them in; they are empty if not.
 */
record HawkHeader(String id, long ts, String nonce, String mac, String hash, String ext) {

    private static final int LONGEST = 4096;

    /** A nonce is remembered, so its length is bounded too. */
    private static final Pattern NONCE = Pattern.compile(".{1,64}");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
    private static final Pattern ATTRIBUTE =
            Pattern.compile("\\G\\s*([a-z]+)=\"([\\x20-\\x7e&&[^\"\\\\]]*)\"\\s*(?:,|$)");
    private static final Set<String> KNOWN = Set.of("id", "ts", "nonce", "mac", "hash", "ext");

    /** Whether the field's value is of the scheme; schemes are compared without regard to case (RFC 9110 §11.1). */
    static boolean isHawk(String value) {
        return value.regionMatches(true, 0, "Hawk ", 0, 5);
    }

    /** The header, empty if it is not written as the scheme has it: attributes known, none twice, none missing. */
    static Optional<HawkHeader> parse(String value) {
        if (!isHawk(value) || value.length() > LONGEST) {
            return Optional.empty();
        }
        Map<String, String> attributes = new HashMap<>();
        Matcher next = ATTRIBUTE.matcher(value.substring(5));
        int end = 0;
        while (next.find()) {
            if (!KNOWN.contains(next.group(1)) || attributes.put(next.group(1), next.group(2)) != null) {
                return Optional.empty();
            }
            end = next.end();
        }
        return end == value.length() - 5 ? of(attributes) : Optional.empty();
    }

    private static Optional<HawkHeader> of(Map<String, String> attributes) {
        String ts = attributes.getOrDefault("ts", "");
        String nonce = attributes.getOrDefault("nonce", "");
        if (!attributes.keySet().containsAll(Set.of("id", "mac"))
                || !SECONDS.matcher(ts).matches()
                || !NONCE.matcher(nonce).matches()) {
            return Optional.empty();
        }
        return Optional.of(new HawkHeader(
                attributes.get("id"),
                Long.parseLong(ts),
                nonce,
                attributes.get("mac"),
                attributes.getOrDefault("hash", ""),
                attributes.getOrDefault("ext", "")));
    }

    /** The caller's id alone: a signature is as good as a password until it is used. */
    @Override
    public String toString() {
        return "HawkHeader[" + id + "]";
    }
}
