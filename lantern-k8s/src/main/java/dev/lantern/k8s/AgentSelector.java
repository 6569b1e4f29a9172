package dev.lantern.k8s;

import java.util.List;
import java.util.Map;

/**
 * Whether a label selector could select an agent's pod: not this one or that one, but any that may ever stand.
 *
 * <p>Every agent's pod says who manages it, and always the same. The other labels of ours are on every pod, with values
 * that differ from run to run; so are those of the Job controller. Any other label may be one that some spec brings.
 * Requirements are looked at one by one: two that exclude each other count as satisfiable, which is the safe side.
 */
final class AgentSelector {
    /** Labels of every agent's pod whose values differ. */
    static final List<String> VARYING = List.of(
            Marks.EPOCH,
            Marks.INSTALLATION,
            Marks.INSTANCE,
            Marks.ISOLATION,
            Marks.RUN,
            Marks.RUNTIME_CLASS,
            Marks.TENANT,
            "batch.kubernetes.io/controller-uid",
            "batch.kubernetes.io/job-name",
            "controller-uid",
            "job-name");

    private AgentSelector() {}

    static boolean couldSelect(View selector) throws UnreadableException {
        for (Map.Entry<String, String> entry :
                selector.textsByName("matchLabels").entrySet()) {
            if (!couldBe(entry.getKey(), List.of(entry.getValue()))) {
                return false;
            }
        }
        boolean could = true;
        for (View requirement : selector.children("matchExpressions")) {
            // Each is read, so that one which cannot be is not passed over because another one excludes agents.
            could &= couldSatisfy(requirement);
        }
        return could;
    }

    private static boolean couldSatisfy(View requirement) throws UnreadableException {
        String key = requirement.text("key");
        List<String> values = requirement.texts("values");
        String operator = requirement.text("operator");
        return switch (operator) {
            case "In" -> couldBe(key, values);
            case "NotIn" -> !key.equals(Marks.MANAGED_BY) || !values.contains(Marks.LANTERN);
            case "Exists" -> couldBeThere(key);
            case "DoesNotExist" -> couldBeAbsent(key);
            default -> throw new UnreadableException(requirement.what() + " has the operator " + operator);
        };
    }

    private static boolean couldBe(String key, List<String> values) {
        return key.equals(Marks.MANAGED_BY) ? values.contains(Marks.LANTERN) : couldBeThere(key);
    }

    /** Nobody but the template gives labels of ours, and it gives these and no others. */
    private static boolean couldBeThere(String key) {
        return !key.startsWith(Marks.PREFIX) || VARYING.contains(key);
    }

    private static boolean couldBeAbsent(String key) {
        return !key.equals(Marks.MANAGED_BY) && !VARYING.contains(key);
    }
}
