package dev.sluice.django;

import dev.sluice.api.Upstream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/**
 * One application as Django describes it.
 *
 * @param address where it says that it runs; not yet checked against the networks
 * @param wrapped whether its pages are shown within a page of Django's
 * @param id Django's own id, for its error page; empty if it gave none
 */
record Application(State state, Optional<Upstream> address, boolean wrapped, String id) {

    enum State {
        SPAWNING,
        RUNNING,
        STOPPED,
        FAILED
    }

    /** Reads an answer; throws {@link UnusableAnswerException}. */
    static Application parse(byte[] json) {
        Map<String, @Nullable Object> fields = object(json);
        State state = state(text(fields, "state"));
        String proxyUrl = text(fields, "proxy_url");
        String wrap = text(fields, "wrap");
        return new Application(
                state,
                proxyUrl.isEmpty() ? Optional.empty() : Optional.of(address(proxyUrl)),
                !wrap.isEmpty() && !wrap.equals("NONE"),
                text(fields, "id"));
    }

    private static Map<String, @Nullable Object> object(byte[] json) {
        try {
            Map<String, @Nullable Object> fields = JSON.std.mapFrom(json);
            if (fields != null) { // JSON's null is one
                return fields;
            }
        } catch (JacksonException e) {
            // Not kept: its message quotes the answer.
        }
        throw new UnusableAnswerException("the answer is not a JSON object");
    }

    private static State state(String state) {
        for (State known : State.values()) {
            if (known.name().equals(state)) {
                return known;
            }
        }
        throw new UnusableAnswerException("unknown state (expected: SPAWNING, RUNNING, STOPPED or FAILED)");
    }

    private static Upstream address(String proxyUrl) {
        try {
            return Upstream.of(proxyUrl);
        } catch (IllegalArgumentException e) {
            throw new UnusableAnswerException(
                    "unusable proxy_url (expected: http://host[:port] or https://host[:port])");
        }
    }

    /** A field's text; empty if it is absent or null. */
    private static String text(Map<String, @Nullable Object> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            return "";
        }
        String text = value.toString();
        if (!(value instanceof String || value instanceof Number) || text.length() > 2048) {
            throw new UnusableAnswerException("unusable " + name + " (expected: a short text)");
        }
        return text;
    }
}
