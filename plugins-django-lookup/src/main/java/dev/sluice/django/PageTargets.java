package dev.sluice.django;

import dev.sluice.api.spi.PluginConfig;
import java.util.List;

/**
 * Where Django's pages are.
 *
 * @param spawning shown while an application starts
 * @param running shown around an application that is wrapped
 * @param forbidden shown to a user who may not reach an application
 * @param notFound shown for a name that Django does not know
 * @param failed shown when an application has stopped, or does not answer
 * @param error shown when something else went wrong
 */
record PageTargets(
        Template spawning, Template running, Template forbidden, Template notFound, Template failed, Template error) {

    private static final List<String> SITE = List.of("host", "public-host", "root");
    private static final List<String> FAILURE = List.of("host", "public-host", "root", "id", "message");

    static PageTargets read(PluginConfig config) {
        return new PageTargets(
                Template.readTarget(config, "pages.spawning", "/tools/{public-host}/spawning", SITE),
                Template.readTarget(config, "pages.running", "/tools/{public-host}/running", SITE),
                Template.readTarget(config, "pages.forbidden", "/error_403_visualisation?host={public-host}", SITE),
                Template.readTarget(config, "pages.not-found", "/error_404", SITE),
                Template.readTarget(
                        config,
                        "pages.failed",
                        "/error_500_application?failure_message={message}&application_id={id}",
                        FAILURE),
                Template.readTarget(config, "pages.error", "/error_500", SITE));
    }
}
