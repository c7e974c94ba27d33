@NullMarked
package dev.sluice.examples.workspace;

import org.jspecify.annotations.NullMarked;
