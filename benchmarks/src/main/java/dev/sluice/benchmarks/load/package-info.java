/** The load harness: Sluice side by side with other proxies, by what a request costs them. */
@NullMarked
package dev.sluice.benchmarks.load;

import org.jspecify.annotations.NullMarked;
