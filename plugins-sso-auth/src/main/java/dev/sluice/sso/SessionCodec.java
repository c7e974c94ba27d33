package dev.sluice.sso;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns records into sealed bytes that only their ticket opens, and back. */
final class SessionCodec {

    private final KeyRing keys;

    SessionCodec(KeyRing keys) {
        this.keys = keys;
    }

    byte[] seal(SessionTicket ticket, SessionRecord record) {
        Map<String, Object> json = new HashMap<>();
        json.put("user", record.user());
        json.put("subject", record.subject());
        put(json, "sid", record.sid());
        json.put("claims", record.claims());
        put(json, "access", record.tokens().access());
        put(json, "refresh", record.tokens().refresh());
        put(json, "id", record.tokens().id());
        put(json, "network", record.network());
        putTime(json, "expires", record.tokens().expiresAt());
        putTime(json, "ends", record.endsAt());
        putTime(json, "renew-at", record.renewAt());
        putTime(json, "renew-by", record.renewBy());
        return seal(ticket, json);
    }

    byte[] seal(SessionTicket ticket, SessionLink link) {
        return seal(ticket, Map.of("parent", link.parent(), "host", link.host(), "state", link.state()));
    }

    private byte[] seal(SessionTicket ticket, Map<String, Object> json) {
        return keys.seal(ticket.share(), Secrets.utf8(JSONObjectUtils.toJSONString(json)), ticket.key());
    }

    /** A {@link SessionRecord}, a {@link SessionLink}, or null if {@code ticket} does not open {@code sealed}. */
    @Nullable
    Object open(SessionTicket ticket, byte[] sealed) {
        byte[] plain = keys.open(ticket.share(), sealed, ticket.key());
        if (plain == null) {
            return null;
        }
        try {
            Map<String, Object> json = JSONObjectUtils.parse(new String(plain, StandardCharsets.UTF_8));
            return json.containsKey("parent") ? link(json) : session(json);
        } catch (ParseException e) {
            return null;
        }
    }

    private static SessionLink link(Map<String, Object> json) throws ParseException {
        return new SessionLink(text(json, "parent"), text(json, "host"), text(json, "state"));
    }

    private static SessionRecord session(Map<String, Object> json) throws ParseException {
        Map<String, List<String>> claims = new HashMap<>();
        Map<String, Object> stored = JSONObjectUtils.getJSONObject(json, "claims");
        for (String name : stored.keySet()) {
            claims.put(name, JSONObjectUtils.getStringList(stored, name));
        }
        return new SessionRecord(
                text(json, "user"),
                text(json, "subject"),
                JSONObjectUtils.getString(json, "sid"),
                claims,
                new SessionRecord.Tokens(
                        JSONObjectUtils.getString(json, "access"),
                        JSONObjectUtils.getString(json, "refresh"),
                        JSONObjectUtils.getString(json, "id"),
                        time(json, "expires")),
                JSONObjectUtils.getString(json, "network"),
                time(json, "ends"),
                time(json, "renew-at"),
                time(json, "renew-by"));
    }

    private static String text(Map<String, Object> json, String name) throws ParseException {
        String text = JSONObjectUtils.getString(json, name);
        if (text == null) {
            throw new ParseException(name, 0);
        }
        return text;
    }

    private static void put(Map<String, Object> json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void putTime(Map<String, Object> json, String name, Instant time) {
        if (!time.equals(Instant.MAX)) {
            json.put(name, time.toEpochMilli());
        }
    }

    private static Instant time(Map<String, Object> json, String name) throws ParseException {
        return json.containsKey(name) ? Instant.ofEpochMilli(JSONObjectUtils.getLong(json, name)) : Instant.MAX;
    }
}
