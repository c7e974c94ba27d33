/**
 * Fails the tests that leak Netty buffers.
 *
 * <p>With the testkit on the test class path, one line in {@code src/test/resources/junit-platform.properties} switches
 * it on for a module: {@code junit.jupiter.extensions.autodetection.enabled=true}. See
 * {@link dev.sluice.testkit.leak.LeakExtension}.
 */
@NullMarked
package dev.sluice.testkit.leak;

import org.jspecify.annotations.NullMarked;
