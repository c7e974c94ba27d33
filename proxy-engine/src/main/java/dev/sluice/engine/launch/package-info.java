/** The command line. */
@NullMarked
package dev.sluice.engine.launch;

import org.jspecify.annotations.NullMarked;
