/** What operators and their tools ask: probes, metrics, live tunnels. On a listener and a thread of its own. */
@NullMarked
package dev.sluice.engine.admin;

import org.jspecify.annotations.NullMarked;
