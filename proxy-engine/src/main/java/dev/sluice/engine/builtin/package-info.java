/** The plugins that every deployment has at hand: guards and routes that need no other service. */
@NullMarked
package dev.sluice.engine.builtin;

import org.jspecify.annotations.NullMarked;
