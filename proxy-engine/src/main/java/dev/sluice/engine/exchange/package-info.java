/**
 * One request from start to end, as decisions: {@link dev.sluice.engine.exchange.ProxyExchange} names the phases, and
 * talks to sockets through the ports beside it. Nothing here knows Netty.
 */
@NullMarked
package dev.sluice.engine.exchange;

import org.jspecify.annotations.NullMarked;
