/** What the session of a known user costs; in the plugin's package, because its parts are not for others. */
@NullMarked
package dev.sluice.sso;

import org.jspecify.annotations.NullMarked;
