package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requirements on labels, all of which hold; as text in a query, as an object in a spec. Immutable. */
record Selector(List<Requirement> requirements) {
    private static final Pattern SET = Pattern.compile("\\s*(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*");
    private static final Pattern EQUAL = Pattern.compile("\\s*([^\\s=!]+)\\s*(==|=|!=)\\s*([^\\s=!]*)\\s*");
    private static final Pattern PRESENT = Pattern.compile("\\s*(!?)\\s*([^\\s=!(),]+)\\s*");

    enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    record Requirement(String key, Operator operator, List<String> values) {
        boolean holdsFor(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.holdsFor(labels));
    }

    /** The {@code labelSelector} of a query; empty selects everything. */
    static Selector ofQuery(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String term : terms(text)) {
            requirements.add(requirement(term, text));
        }
        return new Selector(List.copyOf(requirements));
    }

    /** {@code matchLabels} and {@code matchExpressions}; an empty object selects everything. */
    static Selector ofSpec(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        Trees.strings(selector.path("matchLabels"))
                .forEach((key, value) -> requirements.add(new Requirement(key, Operator.IN, List.of(value))));
        Trees.objects(selector.path("matchExpressions")).forEach(expression -> {
            Operator operator = switch (expression.path("operator").asText()) {
                case "In" -> Operator.IN;
                case "NotIn" -> Operator.NOT_IN;
                case "Exists" -> Operator.EXISTS;
                default -> Operator.DOES_NOT_EXIST;
            };
            requirements.add(new Requirement(
                    expression.path("key").asText(),
                    operator,
                    Trees.texts(expression.path("values")).toList()));
        });
        return new Selector(List.copyOf(requirements));
    }

    private static Requirement requirement(String term, String whole) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            List<String> values = List.of(set.group(3).split(",", -1)).stream()
                    .map(String::strip)
                    .toList();
            return new Requirement(set.group(1), set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN, values);
        }
        Matcher equal = EQUAL.matcher(term);
        if (equal.matches()) {
            return new Requirement(
                    equal.group(1),
                    equal.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN,
                    List.of(equal.group(3)));
        }
        Matcher present = PRESENT.matcher(term);
        if (present.matches()) {
            return new Requirement(
                    present.group(2),
                    present.group(1).isEmpty() ? Operator.EXISTS : Operator.DOES_NOT_EXIST,
                    List.of());
        }
        throw Statuses.badRequest("unable to parse requirement: " + whole);
    }

    /** Split at the commas that stand outside brackets. */
    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                terms.add(text.substring(from, i));
                from = i + 1;
            }
        }
        if (!text.substring(from).isBlank()) {
            terms.add(text.substring(from));
        }
        return terms;
    }
}
