package dev.sluice.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.UpstreamTls;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import java.io.File;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** By whom TLS is spoken. */
class TlsProviderTest {

    /** Netty takes the JDK's in silence if the library does not load: the other tests would pass, and prove nothing. */
    @Test
    void openSsl_isUsedWhereItIsOnTheClassPath() throws TlsFileException {
        boolean there = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .anyMatch(jar -> jar.contains("netty-tcnative"));
        SslHandler handler = new ClientTls(UpstreamTls.DEFAULT)
                .handler(UnpooledByteBufAllocator.DEFAULT, "a.test", 443, Duration.ofSeconds(1));
        assertThat(handler.engine() instanceof OpenSslEngine).isEqualTo(there);
    }
}
