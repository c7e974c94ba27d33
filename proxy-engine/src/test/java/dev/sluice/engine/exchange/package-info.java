/** Ring one: the state machine between fake ports, in milliseconds. */
@NullMarked
package dev.sluice.engine.exchange;

import org.jspecify.annotations.NullMarked;
