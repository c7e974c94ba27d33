package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What a process has used of the processor, in seconds of user and system time, by the kernel's account.
 *
 * @param working less what a JVM's compiler used, which ends when everything is compiled
 * @param compiling what a JVM's compiler used
 */
record Cpu(double working, double compiling) {

    /** What user space sees of the kernel's clock (proc(5)). */
    private static final int TICKS_PER_SECOND = 100;

    static Cpu of(long pid) throws IOException {
        double all = seconds(Path.of("/proc/" + pid + "/stat"));
        double compiling = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                compiling += compiling(thread);
            }
        }
        return new Cpu(all - compiling, compiling);
    }

    private static double compiling(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*")
                    ? seconds(thread.resolve("stat"))
                    : 0;
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    private static double seconds(Path file) throws IOException {
        String stat = Files.readString(file);
        // The second field is a name in parentheses, which may hold blanks; utime and stime are the 14th and 15th.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) TICKS_PER_SECOND;
    }

    Cpu minus(Cpu before) {
        return new Cpu(working - before.working, compiling - before.compiling);
    }
}
