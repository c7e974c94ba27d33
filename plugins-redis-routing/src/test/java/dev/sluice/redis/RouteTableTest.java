package dev.sluice.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {

    private final RouteTable table = new RouteTable();

    private static RouteKey key(String name) {
        try {
            return RouteKey.parse(name);
        } catch (InvalidRouteException e) {
            throw new AssertionError(e);
        }
    }

    private void put(String... names) {
        for (String name : names) {
            table.put(Route.unusable(key(name), Route.NEVER));
        }
    }

    private @Nullable String find(String host, String path) {
        Route route = table.find(host, path, 0);
        return route == null ? null : route.key().toString();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "example.org,       /,            example.org",
                "example.org,       /app,         example.org/app",
                "example.org,       /app/,        example.org/app",
                "example.org,       /app/x/y,     example.org/app",
                "example.org,       /app/long/y,  example.org/app/long",
                "example.org,       /apples,      example.org",
                "example.org,       /app-long,    example.org",
                "example.org,       *,            example.org",
                "a.example.org,     /,            *.example.org",
                "b.a.example.org,   /,            *.a.example.org",
                "b.a.example.org,   /deep,        *.a.example.org",
                "c.example.org,     /deep/er,     *.example.org/deep",
                "only.example.net,  /app,         only.example.net/app",
                "only.example.net,  /,            */",
                "notexample.org,    /,            none",
                "com,               /,            none",
                "com,               /any/x,       */any"
            })
    void mostSpecificHostWithARoute_thenLongestPrefix(String host, String path, @Nullable String expected) {
        put("example.org", "example.org/app", "example.org/app/long", "*.example.org", "*.example.org/deep");
        put("*.a.example.org", "only.example.net/app", "*/any");
        String found = find(host, path);
        assertThat(found).isEqualTo("*/".equals(expected) ? null : expected);
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, /%61dmin,         true",
        "example.org, /x/../admin,      true",
        "example.org, //admin,          true",
        "example.org, /admin;v=1,       true",
        "example.org, /admin/a%20b,     false",
        "example.org, /a%20b;v=1,       false",
        "plain.org,   /%61dmin,         false",
        "plain.org,   /x/../admin,      false"
    })
    void pathThatOthersReadAsAnotherRoutes_isAmbiguous(String host, String path, boolean ambiguous) {
        put("example.org", "example.org/admin", "plain.org");
        assertThat(table.ambiguous(host, path, 0)).isEqualTo(ambiguous);
    }

    @Test
    void expiredRoute_isPassedOver() {
        put("example.org");
        table.put(Route.unusable(key("example.org/app"), 1000));
        assertThat(table.find("example.org", "/app", 999))
                .isNotNull()
                .extracting(Route::key)
                .isEqualTo(key("example.org/app"));
        assertThat(table.find("example.org", "/app", 1000))
                .isNotNull()
                .extracting(Route::key)
                .isEqualTo(key("example.org"));
    }

    @Test
    void randomChanges_lookUpsAgreeWithAPlainSearch() {
        var random = new Random(7);
        Map<String, RouteKey> plain = new HashMap<>();
        List<String> hosts = List.of("a.test", "b.a.test", "*.test", "*.a.test", "*", "c.test");
        List<String> paths = List.of("", "/x", "/x/y", "/x/y/z", "/y", "/xy");
        for (int i = 0; i < 20_000; i++) {
            String name = any(random, hosts) + any(random, paths);
            if (random.nextBoolean()) {
                put(name);
                plain.put(name, key(name));
            } else {
                table.remove(key(name));
                plain.remove(name);
            }
            assertThat(table.size()).isEqualTo(plain.size());
            String host = any(random, List.of("a.test", "b.a.test", "z.a.test", "c.test", "other"));
            String path = any(random, List.of("/", "/x", "/x/", "/x/yy", "/x/y/z/w", "/xy/a", "/y/x"));
            assertThat(find(host, path)).isEqualTo(search(plain, host, path));
        }
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static @Nullable String search(Map<String, RouteKey> routes, String host, String path) {
        List<String> hosts = new ArrayList<>(List.of(host));
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            hosts.add("*" + host.substring(dot));
        }
        hosts.add("*");
        for (String candidate : hosts) {
            String best = null;
            for (RouteKey key : routes.values()) {
                boolean covers = path.equals(key.path())
                        || path.startsWith(key.path() + "/")
                        || key.path().isEmpty();
                if (key.host().equals(candidate)
                        && covers
                        && (best == null || key.path().length() > best.length())) {
                    best = key.path();
                }
            }
            if (best != null) {
                return candidate + best;
            }
        }
        return null;
    }

    @Test
    void lookUp_allocatesNothing_howeverManyRoutesThereAre() {
        for (int i = 0; i < 30_000; i++) {
            put("h" + i + ".test", "*.w" + i + ".test", "paths.test/user/" + i);
        }
        String[] hosts = {"h7000.test", "a.b.w7000.test", "paths.test", "unknown.test"};
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long found = 0;
        long before = 0;
        for (int i = 0; i < 200_000; i++) {
            if (i == 100_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            found += table.find(hosts[i % 4], "/user/7000/api", i) == null ? 0 : 1;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(found).isEqualTo(150_000);
        assertThat(allocated).as("bytes for 100,000 look-ups").isLessThan(100_000);
    }

    @Test
    void manyPathsOfOneHost_areAllFound() {
        for (int i = 0; i < 10_000; i++) {
            put("example.org/user/" + i);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(find("example.org", "/user/" + i + "/home")).isEqualTo("example.org/user/" + i);
        }
        assertThat(find("example.org", "/user")).isNull();
    }
}
