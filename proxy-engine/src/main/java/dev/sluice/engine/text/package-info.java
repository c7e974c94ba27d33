/** Text that the proxy writes for people and their tools, with the words of others in it. */
@NullMarked
package dev.sluice.engine.text;

import org.jspecify.annotations.NullMarked;
