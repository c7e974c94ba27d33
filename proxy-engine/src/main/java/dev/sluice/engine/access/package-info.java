/** The access log: one line for each exchange. */
@NullMarked
package dev.sluice.engine.access;

import org.jspecify.annotations.NullMarked;
