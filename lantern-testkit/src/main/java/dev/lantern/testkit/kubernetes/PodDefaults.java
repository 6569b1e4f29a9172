package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** What the API server writes into a pod's spec where its author wrote nothing. */
final class PodDefaults {
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final long GRACE_SECONDS = 30;
    private static final int FILE_MODE = 0644;
    private static final long TOKEN_SECONDS = 3600;

    private PodDefaults() {}

    /** For pods, and for the templates of pods inside other objects. */
    static void spec(ObjectNode spec) {
        Trees.putAbsent(spec, "restartPolicy", "Always");
        Trees.putAbsent(spec, "terminationGracePeriodSeconds", GRACE_SECONDS);
        Trees.putAbsent(spec, "dnsPolicy", "ClusterFirst");
        Trees.child(spec, "securityContext");
        Trees.putAbsent(spec, "schedulerName", "default-scheduler");
        String account = spec.path("serviceAccountName")
                .asText(spec.path("serviceAccount").asText());
        if (!account.isEmpty()) {
            // One field under two names, the older one for clients of long ago.
            spec.put("serviceAccountName", account);
            spec.put("serviceAccount", account);
        }
        containers(spec).forEach(PodDefaults::container);
        Trees.objects(spec.path("ephemeralContainers")).forEach(PodDefaults::container);
        Trees.objects(spec.path("volumes")).forEach(PodDefaults::volume);
    }

    /** For pods only. */
    static void pod(ObjectNode pod) {
        ObjectNode spec = Trees.child(pod, "spec");
        spec(spec);
        Trees.putAbsent(spec, "enableServiceLinks", true);
        containers(spec).forEach(container -> {
            ObjectNode resources = Trees.child(container, "resources");
            if (resources.path("limits") instanceof ObjectNode limits) {
                ObjectNode requests = Trees.child(resources, "requests");
                limits.properties().forEach(limit -> {
                    if (!requests.has(limit.getKey())) {
                        requests.set(limit.getKey(), limit.getValue());
                    }
                });
            }
        });
        if (spec.path("hostNetwork").asBoolean()) {
            containers(spec)
                    .flatMap(container -> Trees.objects(container.path("ports")))
                    .forEach(port -> Trees.putAbsent(
                            port, "hostPort", port.path("containerPort").asLong()));
        }
    }

    /** Containers and init containers. */
    static Stream<ObjectNode> containers(JsonNode spec) {
        return Stream.concat(Trees.objects(spec.path("containers")), Trees.objects(spec.path("initContainers")));
    }

    private static void container(ObjectNode container) {
        Trees.child(container, "resources");
        Trees.putAbsent(container, "terminationMessagePath", "/dev/termination-log");
        Trees.putAbsent(container, "terminationMessagePolicy", "File");
        Trees.putAbsent(
                container, "imagePullPolicy", isLatest(container.path("image").asText()) ? "Always" : "IfNotPresent");
        Trees.objects(container.path("ports")).forEach(port -> Trees.putAbsent(port, "protocol", "TCP"));
        for (String name : PROBES) {
            if (container.path(name) instanceof ObjectNode probe) {
                probe(probe);
            }
        }
        Trees.objects(container.path("env")).forEach(PodDefaults::fieldReference);
        Stream.of("postStart", "preStop")
                .map(hook -> Trees.at(container, "lifecycle", hook, "httpGet"))
                .forEach(PodDefaults::httpGet);
    }

    private static void probe(ObjectNode probe) {
        Trees.putAbsent(probe, "timeoutSeconds", 1);
        Trees.putAbsent(probe, "periodSeconds", 10);
        Trees.putAbsent(probe, "successThreshold", 1);
        Trees.putAbsent(probe, "failureThreshold", 3);
        httpGet(probe.path("httpGet"));
        if (probe.path("grpc") instanceof ObjectNode grpc && !grpc.has("service")) {
            grpc.put("service", "");
        }
    }

    private static void httpGet(JsonNode action) {
        if (action instanceof ObjectNode get) {
            Trees.putAbsent(get, "path", "/");
            Trees.putAbsent(get, "scheme", "HTTP");
        }
    }

    private static void fieldReference(ObjectNode variable) {
        if (Trees.at(variable, "valueFrom", "fieldRef") instanceof ObjectNode field) {
            Trees.putAbsent(field, "apiVersion", "v1");
        }
    }

    private static void volume(ObjectNode volume) {
        if (volume.size() == 1 && volume.has("name")) {
            volume.putObject("emptyDir");
        }
        for (String source : List.of("secret", "configMap", "downwardAPI", "projected")) {
            if (volume.path(source) instanceof ObjectNode files) {
                Trees.putAbsent(files, "defaultMode", FILE_MODE);
            }
        }
        if (volume.path("hostPath") instanceof ObjectNode path && !path.has("type")) {
            path.put("type", "");
        }
        downward(volume.path("downwardAPI"));
        Trees.objects(Trees.at(volume, "projected", "sources")).forEach(source -> {
            downward(source.path("downwardAPI"));
            if (source.path("serviceAccountToken") instanceof ObjectNode token) {
                Trees.putAbsent(token, "expirationSeconds", TOKEN_SECONDS);
            }
        });
    }

    private static void downward(JsonNode source) {
        Trees.objects(source.path("items")).forEach(item -> {
            if (item.path("fieldRef") instanceof ObjectNode field) {
                Trees.putAbsent(field, "apiVersion", "v1");
            }
        });
    }

    /** {@code latest}, or neither tag nor digest. */
    private static boolean isLatest(String image) {
        if (image.contains("@")) {
            return image.substring(0, image.indexOf('@')).endsWith(":latest");
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        return !last.contains(":") || last.endsWith(":latest");
    }
}
