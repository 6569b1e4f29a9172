package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The {@code restricted} standard, in a namespace labelled to enforce it: far enough to refuse what is plainly not
 * restricted. The real one knows more fields (SELinux, AppArmor, sysctls, Windows), and what a version pins.
 */
final class PodSecurity {
    private static final Set<String> VOLUMES = Set.of(
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "persistentVolumeClaim",
            "projected",
            "secret",
            "name");

    private final Store store;

    PodSecurity(Store store) {
        this.store = store;
    }

    void validate(String namespace, ObjectNode pod) {
        JsonNode labels = store.find(Key.of(Types.NAMESPACES, namespace))
                .map(stored -> stored.tree().path("metadata").path("labels"))
                .orElse(Trees.object());
        if (!labels.path("pod-security.kubernetes.io/enforce").asText().equals("restricted")) {
            return;
        }
        List<String> found = violations(pod.path("spec"));
        if (!found.isEmpty()) {
            String version =
                    labels.path("pod-security.kubernetes.io/enforce-version").asText("latest");
            throw Statuses.forbidden(
                    Types.PODS,
                    PodRules.nameOf(pod),
                    "violates PodSecurity \"restricted:" + version + "\": " + String.join(", ", found));
        }
    }

    private static List<String> violations(JsonNode spec) {
        List<String> found = new ArrayList<>();
        List<ObjectNode> containers =
                new ArrayList<>(PodDefaults.containers(spec).toList());
        containers.addAll(Trees.objects(spec.path("ephemeralContainers")).toList());
        hosts(spec, containers, found);
        containers(containers, found);
        identity(spec, containers, found);
        return found;
    }

    private static void hosts(JsonNode spec, List<ObjectNode> containers, List<String> found) {
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (spec.path(field).asBoolean()) {
                found.add("host namespaces (" + field + "=true)");
            }
        }
        each(
                "hostPort",
                "must not use hostPort",
                containers,
                container -> Trees.objects(container.path("ports"))
                        .anyMatch(port -> port.path("hostPort").asLong() != 0),
                found);
        Trees.objects(spec.path("volumes"))
                .filter(volume -> !VOLUMES.containsAll(names(volume)))
                .forEach(volume -> found.add("restricted volume types (volume \""
                        + volume.path("name").asText() + "\" uses restricted volume type \""
                        + names(volume).stream()
                                .filter(name -> !VOLUMES.contains(name))
                                .collect(Collectors.joining(","))
                        + "\")"));
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void containers(List<ObjectNode> containers, List<String> found) {
        each(
                "privileged",
                "must not set securityContext.privileged=true",
                containers,
                container -> security(container).path("privileged").asBoolean(),
                found);
        each(
                "allowPrivilegeEscalation != false",
                "must set securityContext.allowPrivilegeEscalation=false",
                containers,
                container ->
                        security(container).path("allowPrivilegeEscalation").asBoolean(true),
                found);
        each(
                "unrestricted capabilities",
                "must set securityContext.capabilities.drop=[\"ALL\"]",
                containers,
                container -> Trees.texts(Trees.at(security(container), "capabilities", "drop"))
                        .noneMatch("ALL"::equals),
                found);
        each(
                "unrestricted capabilities",
                "must not add capabilities other than NET_BIND_SERVICE",
                containers,
                container -> Trees.texts(Trees.at(security(container), "capabilities", "add"))
                        .anyMatch(capability -> !capability.equals("NET_BIND_SERVICE")),
                found);
        each(
                "procMount",
                "must not set securityContext.procMount",
                containers,
                container ->
                        !security(container).path("procMount").asText("Default").equals("Default"),
                found);
    }

    private static void identity(JsonNode spec, List<ObjectNode> containers, List<String> found) {
        JsonNode pod = spec.path("securityContext");
        each(
                "runAsNonRoot != true",
                "must set securityContext.runAsNonRoot=true",
                containers,
                container -> !security(container)
                        .path("runAsNonRoot")
                        .asBoolean(pod.path("runAsNonRoot").asBoolean()),
                found);
        if (isZero(pod.path("runAsUser"))) {
            found.add("runAsUser=0 (pod must not set runAsUser=0)");
        }
        each(
                "runAsUser=0",
                "must not set runAsUser=0",
                containers,
                container -> isZero(security(container).path("runAsUser")),
                found);
        each(
                "seccompProfile",
                "must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"",
                containers,
                container -> {
                    String type = Trees.at(security(container), "seccompProfile", "type")
                            .asText(Trees.text(pod, "seccompProfile", "type"));
                    return !type.equals("RuntimeDefault") && !type.equals("Localhost");
                },
                found);
    }

    private static void each(
            String check, String demand, List<ObjectNode> containers, Predicate<ObjectNode> fails, List<String> found) {
        List<String> names = containers.stream()
                .filter(fails)
                .map(container -> "\"" + container.path("name").asText() + "\"")
                .toList();
        if (!names.isEmpty()) {
            found.add(check + " (container" + (names.size() > 1 ? "s " : " ") + String.join(", ", names) + " " + demand
                    + ")");
        }
    }

    private static JsonNode security(ObjectNode container) {
        return container.path("securityContext");
    }

    private static boolean isZero(JsonNode number) {
        return number.isNumber() && number.asLong() == 0;
    }
}
