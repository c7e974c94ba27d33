package dev.sluice.testkit.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class BuffersTest {

    @Test
    void buffer_countsUntilItsLastReference() {
        long before = Buffers.unreleased();
        ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(64);
        ByteBuf slice = buffer.retainedSlice(0, 8);
        assertThat(Buffers.unreleased()).isGreaterThan(before);
        buffer.release();
        assertThat(Buffers.unreleased()).isGreaterThan(before);
        slice.release();
        assertThat(Buffers.unreleased()).isEqualTo(before);
    }
}
