/** The examples that the API's Javadoc and the guide show, compiled. */
@NullMarked
package dev.sluice.api.examples;

import org.jspecify.annotations.NullMarked;
