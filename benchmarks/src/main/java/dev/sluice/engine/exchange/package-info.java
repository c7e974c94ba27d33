/** Benchmarks of what the engine does not show to other packages. */
@NullMarked
package dev.sluice.engine.exchange;

import org.jspecify.annotations.NullMarked;
