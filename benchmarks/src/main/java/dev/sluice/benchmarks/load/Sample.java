package dev.sluice.benchmarks.load;

/**
 * What one scenario cost one proxy once.
 *
 * @param cost by the scenario's unit: CPU time, or memory
 * @param compiling what a JVM's compiler used beside it, by the same unit
 * @param p50 of a request's time, in milliseconds; 0 where no request is timed
 * @param rate units in a second
 */
record Sample(double cost, double compiling, double p50, double p99, double rate) {

    /** A figure of memory. */
    static Sample ofMemory(double cost) {
        return new Sample(cost, 0, 0, 0, 0);
    }

    /** CPU time for each of {@code units}, in {@code scale} parts of a second. */
    static Sample ofCpu(Cpu spent, double scale, double units, double p50, double p99, double rate) {
        return new Sample(spent.working() * scale / units, spent.compiling() * scale / units, p50, p99, rate);
    }
}
