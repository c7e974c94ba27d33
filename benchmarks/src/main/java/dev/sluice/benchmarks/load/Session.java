package dev.sluice.benchmarks.load;

import dev.sluice.sso.KnownUser;
import java.io.IOException;
import java.util.List;

/** A real Redis, with a route in it and the session of a user. */
final class Session implements AutoCloseable {

    static final int REDIS_PORT = 19103;

    /** The plugin's section, as the proxy and whoever begins the session have it. */
    static final String SSO = """
            public-url = "https://%1$s"
            issuer = "http://127.0.0.1:%2$d"
            client-id = proxy
            secrets = [ "only for a measurement, and long enough for that" ]
            headers { X-User = sub, X-Groups = groups }
            require = [ { claim = groups, any-of = [ analysts ] } ]
            session { store = redis, url = "redis://127.0.0.1:%3$d" }
            """.formatted(Lab.HOST, Lab.HTTP_PORT, REDIS_PORT);

    private final Pinned redis;
    private final String cookie;

    Session(Lab lab) throws IOException {
        String port = Integer.toString(REDIS_PORT);
        redis = Pinned.start(
                Lab.LOAD_CORE,
                List.of("redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no"),
                lab.log("redis"));
        redis.awaitAnswer(REDIS_PORT, "PING\r\n", "+PONG");
        Lab.run(List.of(
                "redis-cli",
                "-p",
                port,
                "HSET",
                "sluice:route:" + Lab.HOST,
                "upstream",
                "http://127.0.0.1:" + Lab.HTTP_PORT));
        try (KnownUser user = new KnownUser(SSO)) {
            cookie = user.cookie();
        }
    }

    /** The user's cookie: name and value. */
    String cookie() {
        return cookie;
    }

    @Override
    public void close() {
        redis.close();
    }
}
