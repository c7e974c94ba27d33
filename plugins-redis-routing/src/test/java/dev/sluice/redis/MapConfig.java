package dev.sluice.redis;

import dev.sluice.api.spi.PluginConfig;
import dev.sluice.api.spi.PluginConfigException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** stand-in */
record MapConfig(Map<String, Object> values) implements PluginConfig {
    public String string(String key) {
        return java.util.Objects.requireNonNull((String) values.get(key));
    }

    public String string(String key, String or) {
        return (String) values.getOrDefault(key, or);
    }

    public Optional<String> optional(String key) {
        return Optional.ofNullable((String) values.get(key));
    }

    public int integer(String key, int or, int min, int max) {
        return (int) values.getOrDefault(key, or);
    }

    public boolean bool(String key, boolean or) {
        return (boolean) values.getOrDefault(key, or);
    }

    public Duration duration(String key, Duration or) {
        return (Duration) values.getOrDefault(key, or);
    }

    public long bytes(String key, long or) {
        return or;
    }

    public URI uri(String key) {
        return URI.create(string(key));
    }

    public <E extends Enum<E>> E oneOf(Class<E> type, String key, E or) {
        return or;
    }

    @SuppressWarnings("unchecked")
    public List<String> strings(String key) {
        Object v = values.getOrDefault(key, List.of());
        return v instanceof String s ? List.of(s) : (List<String>) v;
    }

    @SuppressWarnings("unchecked")
    public Optional<PluginConfig> section(String key) {
        return Optional.ofNullable((Map<String, Object>) values.get(key)).map(MapConfig::new);
    }

    public List<PluginConfig> sections(String key) {
        return List.of();
    }

    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    public PluginConfigException wrong(String key, String problem) {
        return new PluginConfigException(key + ": " + problem);
    }
}
