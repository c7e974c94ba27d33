package dev.sluice.benchmarks.load;

/**
 * What one scenario cost one proxy once.
 *
 * @param cost by the scenario's unit: CPU time, or memory
 * @param p50 of a request's time, in milliseconds; 0 where no request is timed
 * @param rate units in a second
 */
record Sample(double cost, double p50, double p99, double rate) {}
