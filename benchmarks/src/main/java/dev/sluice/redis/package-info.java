/** What a route from Redis costs; in the plugin's package, because its parts are not for others. */
@NullMarked
package dev.sluice.redis;

import org.jspecify.annotations.NullMarked;
