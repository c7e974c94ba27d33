package dev.sluice.sso;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the provider answered to a login or a renewal, verified.
 *
 * @param user the stable id of the user, by the configured claim
 * @param subject the provider's own name for the user
 * @param sid the provider's name for its session, if it told one
 * @param renewBy until when the answer counts; {@link Instant#MAX} if the provider need not be asked again
 */
record Grant(
        String user,
        String subject,
        @Nullable String sid,
        Map<String, List<String>> claims,
        SessionRecord.Tokens tokens,
        Instant renewBy) {

    @Override
    public String toString() {
        return "Grant[" + user + "]";
    }
}
