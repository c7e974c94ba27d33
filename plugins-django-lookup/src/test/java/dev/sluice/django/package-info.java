@NullMarked
package dev.sluice.django;

import org.jspecify.annotations.NullMarked;
