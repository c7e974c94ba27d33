package dev.sluice.sso;

/** Configurations that tests share. */
final class TestConfigs {

    static final String SECRET = "a secret of more than thirty-two characters";

    private TestConfigs() {}

    /** Logins at {@code p.test} by OpenID Connect, sessions in memory, and whatever {@code more} says. */
    static String oidc(ScriptedProvider provider, String... more) {
        return """
                public-url = "https://p.test"
                issuer = "%s"
                client-id = "%s"
                client-secret = "%s"
                headers { X-User = sub, X-Email = email, X-Name = name }
                secrets = ["%s"]
                """.formatted(provider.issuer(), ScriptedProvider.CLIENT, ScriptedProvider.SECRET, SECRET)
                + String.join("\n", more);
    }
}
