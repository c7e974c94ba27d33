/**
 * Both ends of the wire, for tests that compare bytes: a raw client, a scriptable upstream and a raw WebSocket client.
 * They know no more HTTP than it takes to find the end of a message, and send whatever they are told to.
 *
 * <p>Nothing here polls or sleeps to find out whether something has happened: every wait is a blocking read or a
 * condition with a deadline of 10 seconds, and its failure shows what had been received.
 */
@NullMarked
package dev.sluice.testkit.wire;

import org.jspecify.annotations.NullMarked;
