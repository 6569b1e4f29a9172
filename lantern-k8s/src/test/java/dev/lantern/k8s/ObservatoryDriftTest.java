package dev.lantern.k8s;

import static dev.lantern.k8s.WatchedCluster.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.testkit.kubernetes.FakePod;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no longer as it was admitted, while the agent runs: each with its own code, and for every host that watches. */
class ObservatoryDriftTest {
    private static final String POLICIES = "/apis/networking.k8s.io/v1/namespaces/" + NAMESPACE + "/networkpolicies";

    private WatchedCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new WatchedCluster();
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    /** What somebody does. */
    interface Doing {
        void to(WatchedCluster cluster, FakePod pod);
    }

    record Drifting(String name, Doing doing, String code) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Drifting> drifts() {
        return Stream.of(
                new Drifting("image patched", ObservatoryDriftTest::patchImage, "pod-image"),
                new Drifting(
                        "another image runs",
                        (cluster, pod) -> pod.imageId(PodSpec.AGENT, "sha256:" + "0".repeat(64)),
                        "pod-image"),
                new Drifting("ephemeral container", ObservatoryDriftTest::debug, "pod-ephemeral-container"),
                new Drifting(
                        "label taken off",
                        (cluster, pod) ->
                                patch(cluster, pod, "{\"metadata\":{\"labels\":{\"lantern.dev/tenant\":null}}}"),
                        "pod-identity"),
                new Drifting(
                        "annotation for the sandbox",
                        (cluster, pod) -> patch(
                                cluster,
                                pod,
                                "{\"metadata\":{\"annotations\":{\"dev.gvisor.flag.network\":\"host\"}}}"),
                        "pod-sandbox-settings"),
                new Drifting(
                        "toleration added",
                        (cluster, pod) -> patch(
                                cluster,
                                pod,
                                "{\"spec\":{\"tolerations\":"
                                        + withOneMore(pod.json()
                                                .path("spec")
                                                .path("tolerations")
                                                .toString()) + "}}"),
                        "pod-placement"),
                new Drifting(
                        "fence deleted",
                        (cluster, pod) -> cluster.api.delete(POLICIES + "/lantern-deny-all", Persisted.json("{}")),
                        "fence-missing"),
                new Drifting(
                        "fence changed",
                        (cluster, pod) -> cluster.api.mergePatch(
                                POLICIES + "/lantern-gateway", Persisted.json("{\"spec\":{\"egress\":[{}]}}")),
                        "fence-missing"),
                new Drifting(
                        "fence widened",
                        (cluster, pod) -> cluster.kubernetes.create("""
                                {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                                 "metadata": {"name": "wide", "namespace": "%s"},
                                 "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}
                                """.formatted(NAMESPACE)),
                        "fence-widened"));
    }

    private static String withOneMore(String tolerations) {
        String more = "{\"key\":\"other\",\"operator\":\"Exists\"}";
        return tolerations.isEmpty()
                ? "[" + more + "]"
                : tolerations.substring(0, tolerations.length() - 1) + "," + more + "]";
    }

    private static void patch(WatchedCluster cluster, FakePod pod, String patch) {
        assertThat(cluster.api
                        .mergePatch("/api/v1/namespaces/" + NAMESPACE + "/pods/" + pod.name(), Persisted.json(patch))
                        .status())
                .isEqualTo(200);
    }

    private static void patchImage(WatchedCluster cluster, FakePod pod) {
        JsonObject now = Persisted.json(pod.json().toString());
        JsonObject patch = new JsonObject();
        JsonObject spec = new JsonObject();
        spec.add(
                "containers",
                now.getAsJsonObject("spec").getAsJsonArray("containers").deepCopy());
        spec.getAsJsonArray("containers")
                .get(0)
                .getAsJsonObject()
                .addProperty("image", "registry.example/other@sha256:" + "c".repeat(64));
        patch.add("spec", spec);
        patch(cluster, pod, patch.toString());
    }

    private static void debug(WatchedCluster cluster, FakePod pod) {
        assertThat(cluster.api
                        .call(
                                "PATCH",
                                "/api/v1/namespaces/" + NAMESPACE + "/pods/" + pod.name() + "/ephemeralcontainers",
                                Persisted.json("""
                                        {"spec": {"ephemeralContainers": [{"name": "debugger", "image": "busybox",
                                         "securityContext": {"allowPrivilegeEscalation": false, "runAsNonRoot": true,
                                           "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}}]}}
                                        """),
                                "application/merge-patch+json",
                                "")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("drifts")
    void drift_ends_the_instance_with_its_own_code(Drifting drifting) throws Exception {
        FakePod pod = cluster.running(1);

        drifting.doing().to(cluster, pod);

        assertViolated(drifting.code());
    }

    /** Whoever comes later knows nothing but what stands in the cluster. */
    @ParameterizedTest
    @MethodSource("drifts")
    void drift_of_an_instance_that_another_host_started_is_found_as_well(Drifting drifting) throws Exception {
        FakePod pod = cluster.running(1);
        cluster.restart();
        cluster.observatory().awaitPod(WatchedCluster.instance(1), java.time.Duration.ofMinutes(1));
        assertThat(cluster.toldByNow()).noneMatch(told -> told.what() instanceof InstanceEnd);

        drifting.doing().to(cluster, pod);

        assertViolated(drifting.code());
    }

    @Test
    void every_drift_is_tried() {
        assertThat(drifts()).hasSizeGreaterThanOrEqualTo(9);
    }

    private void assertViolated(String code) throws InterruptedException {
        assertThat(cluster.ended(1)).isInstanceOfSatisfying(InstanceEnd.Violated.class, violated -> {
            assertThat(violated.checkpoint()).isEqualTo(InstanceEnd.Violated.DRIFT);
            assertThat(violated.violations()).extracting(Violation::code).contains(code);
            assertThat(violated.violations())
                    .allSatisfy(violation -> assertThat(violation.fix()).isNotBlank());
        });
    }
}
