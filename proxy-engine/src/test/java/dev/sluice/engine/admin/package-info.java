@NullMarked
package dev.sluice.engine.admin;

import org.jspecify.annotations.NullMarked;
