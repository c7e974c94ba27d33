package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.math.BigInteger;
import java.util.Arrays;

/** Whatever bytes go through a tunnel, in whatever pieces: the boundary is where reading them at once finds it. */
class FrameBoundaryFuzzTest {

    private static final BigInteger LONGEST = BigInteger.valueOf(Long.MAX_VALUE);

    @FuzzTest(maxDuration = "3m")
    void boundary_isWhereAWholeReadingFindsIt(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int piece = 1 + (input[0] & 0x7f);
        byte[] frames = Arrays.copyOfRange(input, 1, input.length);
        FrameBoundary boundary = new FrameBoundary();
        for (int from = 0; from < frames.length; from += piece) {
            boundary.advance(Unpooled.wrappedBuffer(frames, from, Math.min(piece, frames.length - from)));
        }
        assertThat(boundary.atBoundary()).isEqualTo(endsBetweenFrames(frames));
    }

    /** RFC 6455 §5.2, on all of it. */
    private static boolean endsBetweenFrames(byte[] bytes) {
        BigInteger at = BigInteger.ZERO;
        BigInteger end = BigInteger.valueOf(bytes.length);
        while (at.compareTo(end) < 0) {
            int from = at.intValueExact();
            if (bytes.length - from < 2) {
                return false;
            }
            int opcode = bytes[from] & 0xf;
            int shortLength = bytes[from + 1] & 0x7f;
            boolean control = opcode >= 8;
            if ((opcode >= 3 && opcode <= 7) || opcode > 10 || (control && (bytes[from] >= 0 || shortLength > 125))) {
                return false;
            }
            int more = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
            if (bytes.length - from < 2 + more) {
                return false;
            }
            BigInteger length = more == 0
                    ? BigInteger.valueOf(shortLength)
                    : new BigInteger(1, Arrays.copyOfRange(bytes, from + 2, from + 2 + more));
            BigInteger rest = length.add(BigInteger.valueOf(bytes[from + 1] < 0 ? 4 : 0));
            if (rest.compareTo(LONGEST) > 0) {
                return false;
            }
            at = at.add(BigInteger.valueOf(2L + more)).add(rest);
        }
        return at.equals(end);
    }
}
