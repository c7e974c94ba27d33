package dev.sluice.django;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.spi.PluginConfig;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Headers that responses get in addition to the upstream's own, by what the response shows. */
final class ResponseHeaders {

    /** What a response shows. */
    enum Shows {
        /** The page of an application that is starting. */
        SPAWNING,
        /** The application itself. */
        RUNNING,
        /** The page around an application. */
        WRAPPED,
        /** An error page. */
        ERROR
    }

    private static final List<String> PLACEHOLDERS = List.of("host", "public-host", "root", "port");

    private final Map<Shows, Map<String, Template>> byState;

    private ResponseHeaders(Map<Shows, Map<String, Template>> byState) {
        this.byState = byState;
    }

    static ResponseHeaders read(PluginConfig config) {
        Map<Shows, Map<String, Template>> byState = new EnumMap<>(Shows.class);
        for (Shows shows : Shows.values()) {
            Map<String, Template> templates = new LinkedHashMap<>();
            config.section("response-headers." + shows.name().toLowerCase(Locale.ROOT))
                    .ifPresent(section -> section.keys().forEach(name -> templates.put(name, header(section, name))));
            byState.put(shows, templates);
        }
        return new ResponseHeaders(byState);
    }

    private static Template header(PluginConfig section, String name) {
        Template value = Template.read(section, name, "", PLACEHOLDERS);
        try {
            HeaderEdits.builder().add(name, value.fill(Map.of()));
        } catch (IllegalArgumentException e) {
            throw section.wrong(name, String.valueOf(e.getMessage()));
        }
        return value;
    }

    /** The edits for a response that shows {@code shows}; an application's {@code port} is empty if it has none yet. */
    HeaderEdits edits(Shows shows, Site site, String port) {
        Map<String, String> values = site.valuesWith("port", port);
        HeaderEdits.Builder edits = HeaderEdits.builder();
        byState.getOrDefault(shows, Map.of()).forEach((name, template) -> edits.add(name, template.fill(values)));
        return edits.build();
    }
}
