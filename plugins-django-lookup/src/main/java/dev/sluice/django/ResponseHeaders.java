package dev.sluice.django;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.spi.PluginConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Edits of responses' headers, by what the response shows. */
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

    private final Map<Shows, List<Edit>> byState;

    private ResponseHeaders(Map<Shows, List<Edit>> byState) {
        this.byState = byState;
    }

    private interface Edit {
        void apply(HeaderEdits.Builder edits, Map<String, String> values);
    }

    static ResponseHeaders read(PluginConfig config) {
        Map<Shows, List<Edit>> byState = new EnumMap<>(Shows.class);
        for (Shows shows : Shows.values()) {
            List<Edit> edits = new ArrayList<>();
            config.section("to-client." + shows.name().toLowerCase(Locale.ROOT))
                    .ifPresent(section -> read(section, edits));
            byState.put(shows, edits);
        }
        return new ResponseHeaders(byState);
    }

    private static void read(PluginConfig section, List<Edit> into) {
        for (String name : section.strings("remove")) {
            into.add(checked(section, "remove", (edits, values) -> edits.remove(name)));
        }
        section.section("set")
                .ifPresent(set -> set.keys().forEach(name -> {
                    Template value = Template.read(set, name, "", PLACEHOLDERS);
                    into.add(checked(set, name, (edits, values) -> edits.put(name, value.fill(values))));
                }));
        section.section("add")
                .ifPresent(add -> add.keys().forEach(name -> {
                    Template value = Template.read(add, name, "", PLACEHOLDERS);
                    into.add(checked(add, name, (edits, values) -> edits.add(name, value.fill(values))));
                }));
    }

    private static Edit checked(PluginConfig section, String key, Edit edit) {
        try {
            edit.apply(HeaderEdits.builder(), Map.of());
            return edit;
        } catch (IllegalArgumentException e) {
            throw section.wrong(key, String.valueOf(e.getMessage()));
        }
    }

    /** The edits for a response that shows {@code shows}; an application's {@code port} is empty if it has none yet. */
    HeaderEdits edits(Shows shows, Site site, String port) {
        Map<String, String> values = site.valuesWith("port", port);
        HeaderEdits.Builder edits = HeaderEdits.builder();
        byState.getOrDefault(shows, List.of()).forEach(edit -> edit.apply(edits, values));
        return edits.build();
    }
}
