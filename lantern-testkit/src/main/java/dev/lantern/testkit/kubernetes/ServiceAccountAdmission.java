package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** A pod's service account: it must exist, and unless somebody said no its token is mounted in every container. */
final class ServiceAccountAdmission {
    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** One second per hour beside a round hour, as the real plugin asks. */
    private static final long TOKEN_SECONDS = 3607;

    private static final int FILE_MODE = 0644;

    private final World world;

    ServiceAccountAdmission(World world) {
        this.world = world;
    }

    void admit(String namespace, ObjectNode pod) {
        ObjectNode spec = Trees.child(pod, "spec");
        Trees.putAbsent(spec, "serviceAccountName", "default");
        String name = spec.path("serviceAccountName").asText();
        spec.put("serviceAccount", name);
        Optional<Stored> account = world.store().find(Key.of(Types.SERVICE_ACCOUNTS, namespace, name));
        if (account.isEmpty()) {
            throw Statuses.forbidden(
                    Types.PODS,
                    PodRules.nameOf(pod),
                    "error looking up service account " + namespace + "/" + name + ": serviceaccount \"" + name
                            + "\" not found");
        }
        boolean wanted = spec.path("automountServiceAccountToken")
                .asBoolean(account.get()
                        .tree()
                        .path("automountServiceAccountToken")
                        .asBoolean(true));
        if (wanted) {
            mount(spec);
        }
    }

    private void mount(ObjectNode spec) {
        boolean everywhere = PodDefaults.containers(spec).allMatch(ServiceAccountAdmission::isMounted);
        if (everywhere) {
            return;
        }
        String volume = "kube-api-access-" + world.names().suffix();
        ObjectNode projected =
                Trees.list(spec, "volumes").addObject().put("name", volume).putObject("projected");
        projected
                .putArray("sources")
                .add(Trees.parse(
                        "{\"serviceAccountToken\":{\"expirationSeconds\":" + TOKEN_SECONDS + ",\"path\":\"token\"}}"))
                .add(Trees.parse("{\"configMap\":{\"name\":\"kube-root-ca.crt\",\"items\":"
                        + "[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}}"))
                .add(Trees.parse("{\"downwardAPI\":{\"items\":[{\"path\":\"namespace\",\"fieldRef\":"
                        + "{\"apiVersion\":\"v1\",\"fieldPath\":\"metadata.namespace\"}}]}}"));
        projected.put("defaultMode", FILE_MODE);
        PodDefaults.containers(spec)
                .filter(container -> !isMounted(container))
                .forEach(container -> Trees.list(container, "volumeMounts")
                        .addObject()
                        .put("name", volume)
                        .put("readOnly", true)
                        .put("mountPath", MOUNT));
    }

    private static boolean isMounted(ObjectNode container) {
        return Trees.objects(container.path("volumeMounts"))
                .anyMatch(mount -> mount.path("mountPath").asText().equals(MOUNT));
    }
}
