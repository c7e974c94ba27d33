/** The worked example of docs/testing-plugins.md. */
@NullMarked
package dev.sluice.testkit.example;

import org.jspecify.annotations.NullMarked;
