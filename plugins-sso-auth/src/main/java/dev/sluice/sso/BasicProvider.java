package dev.sluice.sso;

import com.google.auto.service.AutoService;
import dev.sluice.api.Authenticator;
import dev.sluice.api.spi.AuthenticatorProvider;
import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginContext;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The plugin {@code basic}: one service account, by HTTP Basic authentication. */
@AutoService(AuthenticatorProvider.class)
public final class BasicProvider implements AuthenticatorProvider {

    @Override
    public String name() {
        return "basic";
    }

    @Override
    public Authenticator create(PluginContext context) {
        PluginConfig config = context.config();
        String user = config.string("user");
        if (user.isEmpty() || user.contains(":")) {
            throw config.wrong("user", "(expected: a name without a colon, RFC 7617 §2)");
        }
        String digest = config.string("password-sha256").toLowerCase(Locale.ROOT);
        if (!digest.matches("[0-9a-f]{64}")) {
            throw config.wrong("password-sha256", "(expected: the SHA-256 of the password, 64 hexadecimal digits)");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        config.section("headers")
                .ifPresent(section -> section.keys().forEach(name -> headers.put(name, section.string(name))));
        return new BasicAuthenticator(user, HexFormat.of().parseHex(digest), config.string("realm", "proxy"), headers);
    }
}
