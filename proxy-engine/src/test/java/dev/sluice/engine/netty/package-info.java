/** Parts of the channels' side that can be tested by themselves. */
@NullMarked
package dev.sluice.engine.netty;

import org.jspecify.annotations.NullMarked;
