/** The engine as a library: assemble a proxy with {@link dev.sluice.engine.ProxyServer#builder}, or from a file. */
@NullMarked
package dev.sluice.engine;

import org.jspecify.annotations.NullMarked;
