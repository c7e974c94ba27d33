@NullMarked
package dev.sluice.engine.access;

import org.jspecify.annotations.NullMarked;
