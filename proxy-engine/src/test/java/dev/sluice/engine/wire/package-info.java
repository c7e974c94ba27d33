/** Ring three: a real proxy between raw sockets, bytes compared. */
@NullMarked
package dev.sluice.engine.wire;

import org.jspecify.annotations.NullMarked;
