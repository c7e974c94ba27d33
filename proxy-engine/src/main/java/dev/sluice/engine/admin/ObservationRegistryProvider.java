package dev.sluice.engine.admin;

import io.micrometer.observation.ObservationRegistry;

/**
 * Gives the launcher the registry whose handlers make the spans, found by {@link java.util.ServiceLoader}: if the file says
 * {@code tracing = true} there has to be exactly one.
 */
public interface ObservationRegistryProvider extends AutoCloseable {

    /** Called once, before anything is listened on; what it throws ends the start. */
    ObservationRegistry registry();

    /** Called once, when the last exchange has ended: what has not been exported yet can be. May block for a few seconds. */
    @Override
    default void close() {}
}
