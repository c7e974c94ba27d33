package dev.sluice.sso;

import java.time.Instant;
import java.util.List;
import java.util.Map;

final class TestRecords {

    private TestRecords() {}

    static SessionRecord of(String user, Instant now) {
        return new SessionRecord(
                user,
                user,
                "sid-of-" + user,
                Map.of("sub", List.of(user), "groups", List.of("a", "b")),
                new SessionRecord.Tokens("access-token", "refresh-token", "id-token", now.plusSeconds(60)),
                null,
                now.plusSeconds(3600),
                now.plusSeconds(54),
                now.plusSeconds(60));
    }
}
