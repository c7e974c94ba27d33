package dev.sluice.sso;

import dev.sluice.api.AuthDecision;
import dev.sluice.api.HeaderEdits;
import dev.sluice.api.Identity;
import dev.sluice.api.Revocation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the upstream who the user is, by headers made from claims. Several values of a claim are joined by commas. */
final class IdentityHeaders {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityHeaders.class);

    /** What does not fit is left out whole: half a list of groups is another list of groups. */
    private static final int LONGEST = 4096;

    private final Map<String, String> claimByHeader;

    IdentityHeaders(Map<String, String> claimByHeader) {
        this.claimByHeader = claimByHeader;
    }

    Set<String> names() {
        return claimByHeader.keySet();
    }

    /** The decision about every request of the session that {@code record} describes. */
    AuthDecision.Proceed proceed(SessionRecord record, Revocation revocation) {
        Identity identity = Identity.of(record.user())
                .withClaims(record.claims())
                .withValidUntil(record.endsAt())
                .withRevocation(revocation);
        return new AuthDecision.Proceed(identity, edits(record.claims()), List.of());
    }

    HeaderEdits edits(Map<String, List<String>> claims) {
        HeaderEdits.Builder edits = HeaderEdits.builder();
        claimByHeader.forEach((header, claim) -> {
            List<String> values = claims.getOrDefault(claim, List.of());
            if (!values.isEmpty()) {
                String value = fieldValue(String.join(",", values));
                if (value.length() <= LONGEST) {
                    edits.put(header, value);
                } else {
                    LOG.warn("header {} left out: {} octets (expected: at most {})", header, value.length(), LONGEST);
                }
            }
        });
        return edits.build();
    }

    /** UTF-8, one character for each octet, as field values are opaque octets (RFC 9110 §5.5); controls are replaced. */
    private static String fieldValue(String text) {
        String octets = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return octets.replaceAll("[\\x00-\\x1f\\x7f]", "?").strip();
    }
}
