package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.RunnerException;

/** The guard of the hot path, and whether it would bark. */
final class BudgetCheckTest {

    private static final Budget BUDGET = new Budget(1000, 0.5);

    @Test
    void everyBenchmark_keepsItsBudget() throws RunnerException {
        assertThat(BudgetCheck.run(System.out)).isEmpty();
    }

    @Test
    void withinTheMargins_isNoComplaint() {
        assertThat(BUDGET.exceededBy("A.b", new Budget(1020, 1.5))).isEmpty();
    }

    @Test
    void moreThanTwoPercentOfBytes_namesBenchmarkBudgetAndMeasured() {
        assertThat(BUDGET.exceededBy("A.b", new Budget(1022, 0.5)))
                .isEqualTo(Optional.of("A.b: 1022.0 B/op (expected: at most 1000 and 2 %, budgets.txt)"));
    }

    @Test
    void moreThanThreeTimesTheTime_namesBenchmarkBudgetAndMeasured() {
        assertThat(BUDGET.exceededBy("A.b", new Budget(1000, 1.6)))
                .isEqualTo(Optional.of("A.b: 1.60 times the CPU time of DecodeBenchmark.decode"
                        + " (expected: about 0.50, at most three times that, budgets.txt)"));
    }
}
