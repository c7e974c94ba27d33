package dev.sluice.engine;

import dev.sluice.api.ProxyRequest;

/**
 * The condition under which a configured plugin is asked about a request; the engine evaluates it, so that plugins need
 * no path logic of their own.
 */
@FunctionalInterface
public interface When {

    /** Asked about every request. */
    When ALWAYS = request -> true;

    /** Whether the plugin is to be asked. Called on an event loop: pure, quick, throws nothing. */
    boolean matches(ProxyRequest request);
}
