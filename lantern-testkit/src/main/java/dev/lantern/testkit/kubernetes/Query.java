package dev.lantern.testkit.kubernetes;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The query of a request. Immutable. */
final class Query {
    private final String raw;
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Query(String raw) {
        this.raw = raw;
    }

    static Query parse(String raw) {
        Query query = new Query(raw);
        for (String pair : raw.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.values
                        .computeIfAbsent(decoded(name), any -> new ArrayList<>())
                        .add(decoded(value));
            }
        }
        return query;
    }

    /** The first value of that name; empty where there is none. */
    String text(String name) {
        List<String> found = values.get(name);
        return found == null ? "" : found.get(0);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean flag(String name) {
        String text = text(name);
        return text.equals("true") || text.equals("1") || (has(name) && text.isEmpty());
    }

    OptionalLong number(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw Statuses.badRequest("the query parameter " + name + " is no number: " + text);
        }
    }

    boolean dryRun() {
        List<String> asked = values.getOrDefault("dryRun", List.of());
        if (asked.isEmpty() || asked.equals(List.of(""))) {
            return false;
        }
        if (!asked.equals(List.of("All"))) {
            throw Statuses.badRequest("dryRun: Unsupported value: " + asked + ": supported values: \"All\"");
        }
        return true;
    }

    String raw() {
        return raw;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Statuses.badRequest("the query is not encoded as one");
        }
    }
}
