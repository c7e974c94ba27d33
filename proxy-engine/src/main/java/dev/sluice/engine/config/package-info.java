/** Reads a deployment's file: HOCON, with errors that name file, line, what was found and what was expected. */
@NullMarked
package dev.sluice.engine.config;

import org.jspecify.annotations.NullMarked;
