/** What one request costs: benchmarks of the parts of its path, and the budgets that they must keep. */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
