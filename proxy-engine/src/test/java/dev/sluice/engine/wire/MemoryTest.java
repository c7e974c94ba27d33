package dev.sluice.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.wire.BodyDigest;
import dev.sluice.testkit.wire.Pattern;
import dev.sluice.testkit.wire.RawClient;
import dev.sluice.testkit.wire.ScriptedUpstream;
import dev.sluice.testkit.wire.UpstreamConnection;
import dev.sluice.testkit.wire.UpstreamScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariant 1 as an operator sees it: bodies much larger than its memory pass through a proxy, whose process does not
 * grow. A quarter of a GiB each way by default; the whole proof, with four:
 *
 * <pre>mvn -pl proxy-engine -am verify -Dtest=MemoryTest -Dsurefire.failIfNoSpecifiedTests=false -Dsluice.large.gib=4</pre>
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class MemoryTest {

    private static final long SIZE = Math.max(1L << 28, Long.getLong("sluice.large.gib", 0) << 30);
    private static final long WARM_UP = 64L << 20;

    /** The heap, which is there from the start, the direct memory, and what a JVM needs besides. */
    private static final long MOST_MEBIBYTES = 128 + 64 + 96;

    private static final long GROWTH_MEBIBYTES = 64;

    @Test
    void largeBodies_passThroughASmallProcess(@TempDir Path folder) throws Exception {
        try (var upstream = ScriptedUpstream.start(upOrDown());
                var proxy = ChildProxy.start(
                        folder,
                        ChildProxy.configTo(upstream.port()),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:MaxDirectMemorySize=64m")) {
            upload(proxy, WARM_UP);
            download(proxy, WARM_UP);
            long before = proxy.mebibytes("VmHWM");
            long start = System.nanoTime();
            upload(proxy, SIZE);
            long between = System.nanoTime();
            download(proxy, SIZE);
            long end = System.nanoTime();
            long after = proxy.mebibytes("VmHWM");
            System.out.printf(
                    "%d MiB up in %d ms, down in %d ms; the process had at most %d MiB, of which %d since the warm-up%n",
                    SIZE >> 20,
                    TimeUnit.NANOSECONDS.toMillis(between - start),
                    TimeUnit.NANOSECONDS.toMillis(end - between),
                    after,
                    after - before);
            assertThat(after).isLessThan(MOST_MEBIBYTES);
            assertThat(after - before).isLessThan(GROWTH_MEBIBYTES);
        }
    }

    private static void upload(ChildProxy proxy, long size) {
        try (RawClient client = proxy.connect().withTimeout(Duration.ofMinutes(1))) {
            client.send("PUT /up HTTP/1.1\r\nHost: h\r\nContent-Length: " + size + "\r\n\r\n");
            client.sendPattern(size);
            assertThat(client.readReply().text()).isEqualTo(Pattern.digest(size).sha256());
        }
    }

    private static void download(ChildProxy proxy, long size) {
        try (RawClient client = proxy.connect()) {
            client.send("GET /" + size + " HTTP/1.1\r\nHost: h\r\n\r\n");
            var head = client.readReplyHead();
            pause();
            assertThat(client.readBodyDigest(head)).isEqualTo(Pattern.digest(size));
        }
    }

    /** Answers an upload with its digest, and anything else with as many bytes as the path says; both after a pause. */
    private static UpstreamScript upOrDown() {
        return (UpstreamConnection c) -> {
            while (true) {
                var request = c.readHead();
                if (request.requestLine().startsWith("PUT")) {
                    pause();
                    BodyDigest digest = c.readBodyDigest(request);
                    c.send(dev.sluice.testkit.wire.Scripts.text(digest.sha256()));
                } else {
                    long size = Long.parseLong(request.requestLine().split("[ /]+")[1]);
                    c.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                    c.sendPattern(size);
                }
            }
        };
    }

    /** Long enough for the other side to fill everything that it could fill. */
    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
}
