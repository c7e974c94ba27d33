package dev.sluice.django;

import static dev.sluice.django.Lookups.app;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.api.Headers;
import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.RouteResolver;
import dev.sluice.testkit.FakeRequest;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WarmLookupTest {

    private static final int ROUNDS = 200_000;

    /** A request whose accessors allocate nothing, unlike a fake's; the others are not asked for. */
    private record Request(FakeRequest fake, String host, Optional<Identity> identity) implements ProxyRequest {
        @Override
        public String id() {
            return fake.id();
        }

        @Override
        public String method() {
            return fake.method();
        }

        @Override
        public String scheme() {
            return fake.scheme();
        }

        @Override
        public String authority() {
            return fake.authority();
        }

        @Override
        public String target() {
            return fake.target();
        }

        @Override
        public String path() {
            return fake.path();
        }

        @Override
        public Headers headers() {
            return fake.headers();
        }

        @Override
        public InetSocketAddress peer() {
            return fake.peer();
        }

        @Override
        public InetAddress client() {
            return fake.client();
        }

        @Override
        public boolean webSocket() {
            return false;
        }
    }

    @Test
    void warmLookup_allocatesNothing() {
        RouteResolver resolver =
                Lookups.resolver(new FakeDjango().answer("GET lab", 200, app("RUNNING", "http://10.0.0.1:80")));
        FakeRequest fake = Lookups.page("lab.example.org");
        Lookups.decide(resolver, fake);
        ProxyRequest request = new Request(fake, fake.host(), fake.identity());
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long bytes = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3; attempt++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < ROUNDS; i++) {
                resolver.resolve(request);
            }
            bytes = Math.min(bytes, threads.getThreadAllocatedBytes(thread) - before);
        }
        assertThat(bytes / ROUNDS).as("bytes for one decision").isZero();
    }
}
