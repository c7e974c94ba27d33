/** The plugins that come with the engine. */
@NullMarked
package dev.sluice.engine.builtin;

import org.jspecify.annotations.NullMarked;
