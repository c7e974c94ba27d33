/**
 * A suite for each SPI: what the engine, and everybody who deploys a plugin, may rely on. A plugin's author extends the
 * suite with what makes the plugin and what it meets; the tests are inherited.
 */
@NullMarked
package dev.sluice.testkit.contract;

import org.jspecify.annotations.NullMarked;
