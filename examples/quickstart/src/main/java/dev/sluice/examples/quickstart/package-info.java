/** One command: the proxy in front of a small application, with a login of its own. */
@NullMarked
package dev.sluice.examples.quickstart;

import org.jspecify.annotations.NullMarked;
