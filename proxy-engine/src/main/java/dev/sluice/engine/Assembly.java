package dev.sluice.engine;

import dev.sluice.api.Authenticator;
import dev.sluice.api.CookieMerger;
import dev.sluice.api.Readiness;
import dev.sluice.api.RouteResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins that a configuration was made into. They are used until {@link #close}, which follows the drain. */
public final class Assembly implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Assembly.class);

    private final List<Entry<Authenticator>> authenticators;
    private final List<Entry<RouteResolver>> resolvers;
    private final CookieMerger cookieMerger;
    private final List<LoadedPlugin> inOrderOfCreation;

    /**
     * A plugin in its place.
     *
     * @param name as configured
     * @param when the condition under which it is asked
     */
    public record Entry<P>(String name, When when, P plugin) {}

    Assembly(
            List<Entry<Authenticator>> authenticators,
            List<Entry<RouteResolver>> resolvers,
            CookieMerger cookieMerger,
            List<LoadedPlugin> inOrderOfCreation) {
        this.authenticators = List.copyOf(authenticators);
        this.resolvers = List.copyOf(resolvers);
        this.cookieMerger = cookieMerger;
        this.inOrderOfCreation = List.copyOf(inOrderOfCreation);
    }

    /** In the order in which they are asked. */
    public List<Entry<Authenticator>> authenticators() {
        return authenticators;
    }

    /** In the order in which they are asked. */
    public List<Entry<RouteResolver>> resolvers() {
        return resolvers;
    }

    public CookieMerger cookieMerger() {
        return cookieMerger;
    }

    /** Which plugins cannot do their work now, and why; empty if all can. On any thread. */
    public List<String> obstacles() {
        List<String> obstacles = new ArrayList<>();
        authenticators.forEach(entry -> ask("authenticator " + entry.name(), entry.plugin()::readiness, obstacles));
        resolvers.forEach(entry -> ask("resolver " + entry.name(), entry.plugin()::readiness, obstacles));
        return obstacles;
    }

    private static void ask(String plugin, Supplier<Readiness> readiness, List<String> obstacles) {
        try {
            Readiness answer = readiness.get();
            if (!answer.ready()) {
                obstacles.add(plugin + ": " + answer.reason());
            }
        } catch (RuntimeException e) {
            log.warn("{} failed to say whether it is ready", plugin, e);
            obstacles.add(plugin + ": failed to say; the log says why");
        }
    }

    /** The plugins themselves, to be looked for by what they were made from. */
    List<LoadedPlugin> loaded() {
        return inOrderOfCreation;
    }

    /**
     * Closes the plugins, the last one made first; those that another assembly has taken over go on. One that fails to close
     * is logged and stops nothing.
     */
    @Override
    public void close() {
        letGo(inOrderOfCreation);
    }

    static void letGo(List<LoadedPlugin> inOrderOfCreation) {
        for (int i = inOrderOfCreation.size() - 1; i >= 0; i--) {
            inOrderOfCreation.get(i).letGo();
        }
    }
}
