package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which pods there can be, and what of a pod can still be changed. */
final class PodRules {
    private static final String FROZEN =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
    private static final String TERMS =
            "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";
    private static final String ONLY_ADDITIONS = "only additions are allowed (no mutations or deletions)";

    private PodRules() {}

    static String nameOf(ObjectNode pod) {
        String name = Trees.text(pod, "metadata", "name");
        return name.isEmpty() ? Trees.text(pod, "metadata", "generateName") : name;
    }

    static boolean isGated(JsonNode pod) {
        return !Trees.at(pod, "spec", "schedulingGates").isEmpty();
    }

    static void create(ObjectNode pod) {
        List<Statuses.Cause> causes = new ArrayList<>();
        JsonNode spec = pod.path("spec");
        containers(spec, causes);
        matchFields(spec, causes);
        if (isGated(pod) && !spec.path("nodeName").asText().isEmpty()) {
            causes.add(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
        }
        refuse(pod, causes);
    }

    /** What was once decided about a pod stays, but for a short list. */
    static void update(AdmissionRequest request, ObjectNode old, ObjectNode pod) {
        List<Statuses.Cause> causes = new ArrayList<>();
        ObjectNode before = Trees.child(old.deepCopy(), "spec");
        ObjectNode after = Trees.child(pod.deepCopy(), "spec");
        if (request.subresource().equals("ephemeralcontainers")) {
            onlyAddedContainers(before, after, causes);
            before.remove("ephemeralContainers");
            after.remove("ephemeralContainers");
        }
        if (request.subresource().equals("resize")) {
            withoutAmounts(before);
            withoutAmounts(after);
        }
        gates(before, after, causes);
        tolerations(before, after, causes);
        deadline(before, after, causes);
        matchFields(after, causes);
        if (isGated(old)) {
            placement(before, after, causes);
        }
        if (causes.isEmpty() && !settled(before).equals(settled(after))) {
            causes.add(forbidden("spec", FROZEN));
        }
        refuse(pod, causes);
    }

    /** The pods of a Job end; a template whose pods are always restarted never would. */
    static void template(ObjectNode job) {
        List<Statuses.Cause> causes = new ArrayList<>();
        JsonNode spec = Trees.at(job, "spec", "template", "spec");
        containers(spec, causes);
        String policy = spec.path("restartPolicy").asText();
        if (!policy.equals("Never") && !policy.equals("OnFailure")) {
            causes.add(new Statuses.Cause(
                    "FieldValueNotSupported",
                    "Unsupported value: \"" + policy + "\": supported values: \"OnFailure\", \"Never\"",
                    "spec.template.spec.restartPolicy"));
        }
        if (!causes.isEmpty()) {
            throw Statuses.invalid(Types.JOBS, Trees.text(job, "metadata", "name"), causes);
        }
    }

    private static void containers(JsonNode spec, List<Statuses.Cause> causes) {
        if (spec.path("containers").isEmpty()) {
            causes.add(required("spec.containers"));
        }
        Set<String> names = new HashSet<>();
        PodDefaults.containers(spec).forEach(container -> {
            String name = container.path("name").asText();
            if (name.isEmpty()) {
                causes.add(required("spec.containers[].name"));
            } else if (!names.add(name)) {
                causes.add(new Statuses.Cause(
                        "FieldValueDuplicate", "Duplicate value: \"" + name + "\"", "spec.containers[].name"));
            }
            if (container.path("image").asText().isEmpty()) {
                causes.add(required("spec.containers[].image"));
            }
        });
    }

    private static void matchFields(JsonNode spec, List<Statuses.Cause> causes) {
        Trees.objects(terms(spec))
                .flatMap(term -> Trees.objects(term.path("matchFields")))
                .filter(field -> field.path("values").size() != 1)
                .forEach(field -> causes.add(new Statuses.Cause(
                        "FieldValueRequired",
                        "Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field"
                                + " selector",
                        TERMS + "[].matchFields[].values")));
    }

    private static void gates(ObjectNode before, ObjectNode after, List<Statuses.Cause> causes) {
        List<String> old = Trees.objects(before.path("schedulingGates"))
                .map(gate -> gate.path("name").asText())
                .toList();
        List<String> now = Trees.objects(after.path("schedulingGates"))
                .map(gate -> gate.path("name").asText())
                .toList();
        for (int i = 0; i < now.size(); i++) {
            if (!old.contains(now.get(i))) {
                causes.add(forbidden(
                        "spec.schedulingGates[" + i + "].name",
                        "only deletion is allowed, but found new scheduling gate '" + now.get(i) + "'"));
            }
        }
    }

    private static void tolerations(ObjectNode before, ObjectNode after, List<Statuses.Cause> causes) {
        Set<JsonNode> now =
                Trees.objects(after.path("tolerations")).map(PodRules::timeless).collect(Collectors.toSet());
        boolean kept =
                Trees.objects(before.path("tolerations")).allMatch(toleration -> now.contains(timeless(toleration)));
        if (!kept) {
            causes.add(forbidden(
                    "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"));
        }
    }

    private static JsonNode timeless(ObjectNode toleration) {
        return toleration.deepCopy().without("tolerationSeconds");
    }

    private static void deadline(ObjectNode before, ObjectNode after, List<Statuses.Cause> causes) {
        JsonNode old = before.path("activeDeadlineSeconds");
        JsonNode now = after.path("activeDeadlineSeconds");
        if (old.isMissingNode()) {
            return;
        }
        if (now.isMissingNode()) {
            causes.add(invalid(
                    "spec.activeDeadlineSeconds", "null", "must not update from a positive integer to nil value"));
        } else if (now.asLong() > old.asLong()) {
            causes.add(invalid(
                    "spec.activeDeadlineSeconds", now.asText(), "must be less than or equal to previous value"));
        }
    }

    /** While it is gated, and in the update that ungates it, a pod's choice of nodes may become narrower. */
    private static void placement(ObjectNode before, ObjectNode after, List<Statuses.Cause> causes) {
        Map<String, String> selector = Trees.strings(after.path("nodeSelector"));
        boolean wider = Trees.strings(before.path("nodeSelector")).entrySet().stream()
                .anyMatch(entry -> !entry.getValue().equals(selector.get(entry.getKey())));
        if (wider) {
            causes.add(invalid(
                    "spec.nodeSelector",
                    after.path("nodeSelector").toString(),
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)"));
        }
        List<ObjectNode> old = Trees.objects(terms(before)).toList();
        List<ObjectNode> now = Trees.objects(terms(after)).toList();
        if (!old.isEmpty() && old.size() != now.size()) {
            causes.add(invalid(
                    TERMS,
                    terms(after).toString(),
                    "no additions/deletions to non-empty NodeSelectorTerms list are allowed"));
        } else {
            for (int i = 0; i < old.size(); i++) {
                boolean only = startsWith(
                                now.get(i).path("matchExpressions"), old.get(i).path("matchExpressions"))
                        && startsWith(now.get(i).path("matchFields"), old.get(i).path("matchFields"));
                if (!only) {
                    causes.add(invalid(TERMS + "[" + i + "]", now.get(i).toString(), ONLY_ADDITIONS));
                }
            }
        }
        before.remove("nodeSelector");
        after.remove("nodeSelector");
        withoutNodeAffinity(before);
        withoutNodeAffinity(after);
    }

    private static void withoutAmounts(ObjectNode spec) {
        PodDefaults.containers(spec).forEach(container -> {
            for (String amounts : List.of("requests", "limits")) {
                if (Trees.at(container, "resources", amounts) instanceof ObjectNode values) {
                    values.remove(List.of("cpu", "memory"));
                }
            }
        });
    }

    private static boolean startsWith(JsonNode longer, JsonNode shorter) {
        for (int i = 0; i < shorter.size(); i++) {
            if (!shorter.get(i).equals(longer.path(i))) {
                return false;
            }
        }
        return true;
    }

    /** Preferences may change freely with the requirements: they keep nothing away. */
    private static void withoutNodeAffinity(ObjectNode spec) {
        if (spec.path("affinity") instanceof ObjectNode affinity) {
            affinity.remove("nodeAffinity");
            if (affinity.isEmpty()) {
                spec.remove("affinity");
            }
        }
    }

    private static JsonNode terms(JsonNode spec) {
        return Trees.at(
                spec,
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms");
    }

    private static void onlyAddedContainers(ObjectNode before, ObjectNode after, List<Statuses.Cause> causes) {
        if (!startsWith(after.path("ephemeralContainers"), before.path("ephemeralContainers"))
                || after.path("ephemeralContainers").size()
                        < before.path("ephemeralContainers").size()) {
            causes.add(forbidden(
                    "spec.ephemeralContainers", "existing ephemeral containers may not be changed or removed"));
        }
    }

    /** What is left of a spec when everything is taken out that has a rule of its own. */
    private static ObjectNode settled(ObjectNode spec) {
        ObjectNode settled = spec.deepCopy();
        settled.remove(List.of("schedulingGates", "tolerations", "activeDeadlineSeconds"));
        PodDefaults.containers(settled).forEach(container -> container.remove("image"));
        return settled;
    }

    private static void refuse(ObjectNode pod, List<Statuses.Cause> causes) {
        if (!causes.isEmpty()) {
            throw Statuses.invalid(Types.PODS, nameOf(pod), causes);
        }
    }

    private static Statuses.Cause forbidden(String field, String why) {
        return new Statuses.Cause("FieldValueForbidden", "Forbidden: " + why, field);
    }

    private static Statuses.Cause invalid(String field, String value, String why) {
        return new Statuses.Cause("FieldValueInvalid", "Invalid value: " + value + ": " + why, field);
    }

    private static Statuses.Cause required(String field) {
        return new Statuses.Cause("FieldValueRequired", "Required value", field);
    }
}
