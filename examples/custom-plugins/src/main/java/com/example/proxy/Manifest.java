package com.example.proxy;

import java.util.List;
import java.util.Map;

/** A section of a manifest, with its place for messages: {@code services.yaml: Service reports: spec}. */
record Manifest(String place, Map<?, ?> fields) {

    static Manifest of(String place, Object value) throws ServiceFileException {
        if (value instanceof Map<?, ?> fields) {
            return new Manifest(place, fields);
        }
        throw new ServiceFileException(place + ": " + kindOf(value) + " (expected: a section)");
    }

    /** The section within, an empty one if it is absent. */
    Manifest section(String key) throws ServiceFileException {
        Object value = fields.get(key);
        return of(place + ": " + key, value == null ? Map.of() : value);
    }

    /** The list of sections within, empty if it is absent. */
    List<?> list(String key) throws ServiceFileException {
        Object value = fields.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(key, kindOf(value) + " (expected: a list)");
    }

    String text(String key) throws ServiceFileException {
        Object value = fields.get(key);
        if (value instanceof String || value instanceof Integer) {
            return value.toString();
        }
        throw wrong(key, kindOf(value) + " (expected: a text)");
    }

    String text(String key, String or) throws ServiceFileException {
        return fields.get(key) == null ? or : text(key);
    }

    ServiceFileException wrong(String key, String problem) {
        return new ServiceFileException(place + ": " + key + ": " + problem);
    }

    private static String kindOf(Object value) {
        return value == null
                ? "missing"
                : value instanceof Map ? "a section" : value instanceof List ? "a list" : "\"" + value + "\"";
    }
}
