/** A whole data workspace in one command: replicas of the proxy and everything around them, as processes. */
@NullMarked
package dev.sluice.examples.workspace;

import org.jspecify.annotations.NullMarked;
