package dev.sluice.django;

import dev.sluice.api.spi.PluginConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configured text with placeholders such as {@code {public-host}}, checked when it is read.
 *
 * @param literals what stands before, between and behind the placeholders
 * @param names of the placeholders
 */
record Template(List<String> literals, List<String> names) {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    private static Template parse(String text) {
        List<String> literals = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        int end = 0;
        while (matcher.find()) {
            literals.add(text.substring(end, matcher.start()));
            names.add(matcher.group(1));
            end = matcher.end();
        }
        literals.add(text.substring(end));
        return new Template(List.copyOf(literals), List.copyOf(names));
    }

    /** A text of {@code config}, or {@code or}, in which only the placeholders {@code allowed} may stand. */
    static Template read(PluginConfig config, String key, String or, List<String> allowed) {
        String text = config.string(key, or);
        Template template = parse(text);
        for (String name : template.names) {
            if (!allowed.contains(name)) {
                throw config.wrong(
                        key, text + " (expected: no placeholder but {" + String.join("}, {", allowed) + "})");
            }
        }
        return template;
    }

    /** As {@link #read}, for the path and query of a request to Django. */
    static Template readTarget(PluginConfig config, String key, String or, List<String> allowed) {
        Template template = read(config, key, or, allowed);
        for (String literal : template.literals) {
            if (!literal.matches("[!$-;=?-Z_a-z~%]*")) {
                throw config.wrong(key, config.string(key, or) + " (expected: a path and query, percent-encoded)");
            }
        }
        if (!template.literals.get(0).startsWith("/")) {
            throw config.wrong(key, config.string(key, or) + " (expected: starts with /)");
        }
        return template;
    }

    boolean names(String name) {
        return names.contains(name);
    }

    /** The text with {@code values} put in as they are. */
    String fill(Map<String, String> values) {
        return fill(values, UnaryOperator.identity());
    }

    /** The text with {@code values} percent-encoded, for a path or a query. */
    String fillEncoded(Map<String, String> values) {
        return fill(
                values,
                value -> URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private String fill(Map<String, String> values, UnaryOperator<String> encode) {
        StringBuilder text = new StringBuilder(literals.get(0));
        for (int i = 0; i < names.size(); i++) {
            text.append(encode.apply(values.getOrDefault(names.get(i), ""))).append(literals.get(i + 1));
        }
        return text.toString();
    }
}
