/**
 * What a plugin's author tests with. Start here:
 *
 * <ol>
 *   <li>Extend the suite of {@link dev.sluice.testkit.contract} that belongs to your SPI: it holds what the engine and
 *       every deployment rely on, and needs to know how your plugin is made and which requests it meets.
 *   <li>Test what only your plugin does with the fakes of this package: {@link dev.sluice.testkit.FakeRequest} for requests,
 *       {@link dev.sluice.testkit.ManualClock} and {@link dev.sluice.testkit.ManualTimer} for time,
 *       {@link dev.sluice.testkit.FakePluginContext} for what a provider is given.
 *   <li>Test the whole on the wire, with a {@link dev.sluice.testkit.wire.RawClient} in front of a proxy and a
 *       {@link dev.sluice.testkit.wire.ScriptedUpstream} behind it.
 *   <li>Switch {@link dev.sluice.testkit.leak} on, so that tests which leak Netty buffers fail.
 * </ol>
 *
 * <p>The page {@code docs/testing-plugins.md} shows each step with an example.
 */
@NullMarked
package dev.sluice.testkit;

import org.jspecify.annotations.NullMarked;
