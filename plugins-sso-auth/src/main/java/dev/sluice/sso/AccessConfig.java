package dev.sluice.sso;

import dev.sluice.api.spi.PluginConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session must fulfil to let a request pass.
 *
 * @param origins of pages that may send it
 * @param requirements that its user must meet
 * @param networks that it is bound to, if any
 */
record AccessConfig(
        OriginGuard origins,
        List<Requirement> requirements,
        @Nullable Networks networks) {

    /** @param verifiedEmails whether the provider says which addresses it has verified */
    static AccessConfig read(PluginConfig config, String scheme, boolean verifiedEmails) {
        return new AccessConfig(
                new OriginGuard(scheme, origins(config)), requirements(config, verifiedEmails), networks(config));
    }

    private static Set<String> origins(PluginConfig config) {
        List<String> origins = config.strings("allowed-origins");
        for (String origin : origins) {
            if (!origin.matches("https?://[a-z0-9.-]+(:[0-9]{1,5})?")) {
                throw config.wrong("allowed-origins", origin + " (expected: an origin such as https://example.org)");
            }
        }
        return Set.copyOf(origins);
    }

    private static List<Requirement> requirements(PluginConfig config, boolean verifiedEmails) {
        List<Requirement> requirements = new ArrayList<>();
        for (PluginConfig section : config.sections("require")) {
            List<String> hosts = Hosts.patterns(section, "hosts");
            boolean emails = section.has("email-domains");
            if (emails == section.has("any-of")) {
                throw section.wrong("any-of", "(expected: either claim and any-of, or email-domains)");
            }
            requirements.add(
                    emails
                            ? new Requirement(
                                    hosts,
                                    section.string("claim", "email"),
                                    section.strings("email-domains"),
                                    verifiedEmails ? Requirement.Kind.VERIFIED_EMAIL : Requirement.Kind.EMAIL)
                            : new Requirement(
                                    hosts, section.string("claim"), section.strings("any-of"), Requirement.Kind.VALUE));
        }
        return List.copyOf(requirements);
    }

    private static @Nullable Networks networks(PluginConfig config) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (PluginConfig group : config.sections("bind-to-networks")) {
            groups.put(group.string("name"), group.strings("networks"));
        }
        try {
            return groups.isEmpty() ? null : Networks.of(groups);
        } catch (IllegalArgumentException e) {
            throw config.wrong("bind-to-networks", e.getMessage() + " (expected: networks such as 10.0.0.0/8)");
        }
    }
}
