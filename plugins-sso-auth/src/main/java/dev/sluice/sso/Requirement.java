package dev.sluice.sso;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a user must be, beyond being known, at some or all hosts.
 *
 * @param hosts where this is required; everywhere if empty
 * @param claim the claim that is looked at
 * @param anyOf one of its values must be one of these; or, for e-mail domains, the address must be in one of these
 */
record Requirement(List<String> hosts, String claim, List<String> anyOf, Kind kind) {

    enum Kind {
        VALUE,
        /** An address that the provider has verified, in one of the domains. */
        VERIFIED_EMAIL,
        /** An address of a provider that knows no unverified ones. */
        EMAIL
    }

    boolean isMet(String host, Map<String, List<String>> claims) {
        if (!hosts.isEmpty() && !Hosts.matchesAny(hosts, host)) {
            return true;
        }
        List<String> values = claims.getOrDefault(claim, List.of());
        return switch (kind) {
            case VALUE -> hasOne(values);
            case EMAIL -> isInDomain(values);
            case VERIFIED_EMAIL ->
                claims.getOrDefault("email_verified", List.of()).equals(List.of("true")) && isInDomain(values);
        };
    }

    private boolean hasOne(List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            if (anyOf.contains(values.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** An address with two at-signs belongs to whichever domain its reader prefers, so it belongs to none here. */
    private boolean isInDomain(List<String> values) {
        if (values.size() != 1) {
            return false;
        }
        String address = values.get(0);
        int at = address.indexOf('@');
        return at > 0
                && at == address.lastIndexOf('@')
                && anyOf.contains(address.substring(at + 1).toLowerCase(Locale.ROOT));
    }
}
