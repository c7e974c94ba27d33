/**
 * Routes that live in Redis: every replica holds all of them in a local table and is told of each change by the server,
 * so that no request waits for Redis.
 *
 * <p>Selected in a configuration as {@code redis-routes}; see {@link dev.sluice.redis.RedisRoutesProvider}.
 */
@NullMarked
package dev.sluice.redis;

import org.jspecify.annotations.NullMarked;
