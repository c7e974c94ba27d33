package dev.sluice.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapRecordsTest {

    private static final PooledByteBufAllocator POOL = PooledByteBufAllocator.DEFAULT;

    @Test
    void forgedRecord_leavesTheMemoryOfOthersAlone() throws Exception {
        X509Bundle own = new CertificateBuilder()
                .ecp256()
                .subject("CN=test")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        EmbeddedChannel server = channel(SslContextBuilder.forServer(own.toKeyManagerFactory())
                .sslProvider(SslProvider.JDK)
                .build()
                .newHandler(POOL));
        EmbeddedChannel client = channel(SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build()
                .newHandler(POOL));
        while (pass(client, server) | pass(server, client)) {
            // until both have said all
        }
        client.writeOutbound(Unpooled.copiedBuffer(new byte[100]));
        ByteBuf record = client.readOutbound();
        record.setByte(record.writerIndex() - 1, record.getByte(record.writerIndex() - 1) ^ 1);

        List<ByteBuf> others = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            others.add(POOL.directBuffer(300).writeZero(300).setIndex(0, 300).setByte(0, 'x'));
        }
        ByteBuf arrived = POOL.directBuffer(300).writeBytes(record);
        record.release();

        assertThatThrownBy(() -> server.writeInbound(arrived)).isInstanceOf(DecoderException.class);
        assertThat(others).allMatch(other -> other.getByte(0) == 'x');

        others.forEach(ByteBuf::release);
        server.finishAndReleaseAll();
        client.finishAndReleaseAll();
    }

    private static EmbeddedChannel channel(SslHandler handler) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(POOL);
        channel.pipeline().addLast(HeapRecords.gather(handler));
        return channel;
    }

    /** What {@code from} has said; whether that was anything. */
    private static boolean pass(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        boolean any = false;
        for (ByteBuf said = from.readOutbound(); said != null; said = from.readOutbound()) {
            to.writeInbound(said);
            any = true;
        }
        return any;
    }
}
