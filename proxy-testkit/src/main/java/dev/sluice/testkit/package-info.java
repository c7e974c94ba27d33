/**
 * What a plugin author tests with.
 */
@NullMarked
package dev.sluice.testkit;

import org.jspecify.annotations.NullMarked;
