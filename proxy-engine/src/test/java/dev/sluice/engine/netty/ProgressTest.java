package dev.sluice.engine.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void bytesThatWait_areProgressOnlyWhileTheyBecomeFewer() {
        EmbeddedChannel channel = new EmbeddedChannel();
        Progress progress = new Progress();
        assertThat(progress.made(channel, null)).as("nothing waits").isFalse();
        channel.write(Unpooled.copiedBuffer(new byte[1000]));
        channel.write(Unpooled.copiedBuffer(new byte[1000]));
        assertThat(progress.made(channel, null))
                .as("nothing is known of what waits")
                .isTrue();
        assertThat(progress.made(channel, null)).as("nothing was taken").isFalse();
        channel.flush();
        assertThat(progress.made(channel, null)).as("all was taken").isTrue();
        assertThat(progress.made(channel, null)).as("nothing waits").isFalse();
        channel.finishAndReleaseAll();
    }
}
