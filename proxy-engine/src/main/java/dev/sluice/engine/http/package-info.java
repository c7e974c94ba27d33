/**
 * Heads of HTTP/1.1 messages as pure functions and values: what is accepted, what is passed on, how it is written. Nothing
 * here knows a channel, and nothing blocks.
 */
@NullMarked
package dev.sluice.engine.http;

import org.jspecify.annotations.NullMarked;
