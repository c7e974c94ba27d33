/**
 * The three SPIs of Sluice, the decisions they return and the values they exchange.
 *
 * <p>Start at {@link dev.sluice.api.Authenticator} (who may pass), {@link dev.sluice.api.RouteResolver} (where a
 * request goes) and {@link dev.sluice.api.CookieMerger} (how the cookies of the proxy and of the application live
 * together). Everything else here is an immutable value that one of them receives or returns. How a plugin is found and
 * configured is in {@link dev.sluice.api.spi}.
 *
 * <p>Nothing in this package touches a socket or a body byte: plugins decide, the engine moves.
 */
@NullMarked
package dev.sluice.api;

import org.jspecify.annotations.NullMarked;
