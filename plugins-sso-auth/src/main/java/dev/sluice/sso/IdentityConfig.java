package dev.sluice.sso;

import com.nimbusds.jose.jwk.JWKSet;
import dev.sluice.api.spi.PluginConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What upstreams are told of the user. */
record IdentityConfig(IdentityHeaders headers, @Nullable Assertions assertions) {

    static IdentityConfig read(PluginConfig config, URI publicUrl, Clock clock) {
        Map<String, String> claimByHeader = new LinkedHashMap<>();
        config.section("headers")
                .ifPresent(section -> section.keys().forEach(name -> claimByHeader.put(name, section.string(name))));
        PluginConfig assertion = config.section("assertion").orElse(null);
        return new IdentityConfig(
                new IdentityHeaders(claimByHeader),
                assertion == null ? null : assertions(assertion, publicUrl.toString(), clock));
    }

    private static Assertions assertions(PluginConfig assertion, String issuer, Clock clock) {
        String header = assertion.string("header", "X-Sluice-Assertion");
        String file = assertion.string("key-file");
        try {
            return new Assertions(header, issuer, JWKSet.parse(Files.readString(Path.of(file))), clock);
        } catch (IOException | ParseException e) {
            throw assertion.wrong("key-file", file + ": unreadable (expected: a JWK set with private keys)");
        } catch (IllegalArgumentException e) {
            throw assertion.wrong("key-file", file + ": " + e.getMessage());
        }
    }

    /** The headers' names, which clients may not send. */
    Set<String> headerNames() {
        Set<String> names = new HashSet<>(headers.names());
        if (assertions != null) {
            names.add(assertions.header());
        }
        return Set.copyOf(names);
    }
}
