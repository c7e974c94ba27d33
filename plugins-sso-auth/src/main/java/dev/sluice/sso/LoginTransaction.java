package dev.sluice.sso;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One login under way in one browser tab.
 *
 * @param state names it in the provider's answer
 * @param nonce must come back in the ID token
 * @param verifier the PKCE secret (RFC 7636)
 * @param returnTo where the browser goes when it is done; validated when the transaction began
 */
record LoginTransaction(String state, String nonce, String verifier, String returnTo, Instant startedAt) {

    static LoginTransaction begin(String returnTo, Instant now) {
        return new LoginTransaction(Secrets.random(16), Secrets.random(16), Secrets.random(32), returnTo, now);
    }

    byte[] toBytes() {
        return Secrets.utf8(JSONObjectUtils.toJSONString(
                Map.of("s", state, "n", nonce, "v", verifier, "r", returnTo, "t", startedAt.toEpochMilli())));
    }

    static @Nullable LoginTransaction fromBytes(byte[] bytes) {
        try {
            Map<String, Object> json = JSONObjectUtils.parse(new String(bytes, StandardCharsets.UTF_8));
            return new LoginTransaction(
                    JSONObjectUtils.getString(json, "s"),
                    JSONObjectUtils.getString(json, "n"),
                    JSONObjectUtils.getString(json, "v"),
                    JSONObjectUtils.getString(json, "r"),
                    Instant.ofEpochMilli(JSONObjectUtils.getLong(json, "t")));
        } catch (ParseException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "LoginTransaction[...]";
    }
}
