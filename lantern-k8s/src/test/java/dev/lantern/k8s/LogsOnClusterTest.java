package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Logs of a real kubelet, where {@code LANTERN_TEST_KUBECONFIG} names a cluster and {@code LANTERN_TEST_SHELL_IMAGE} an
 * image with {@code sh} that its nodes have or can pull.
 */
@Tag("long")
class LogsOnClusterTest {
    private static final InstanceRef FOLLOWED = new InstanceRef(new RunRef("acme", "ticket-4711"), 1);
    private static final InstanceRef DRAINED = new InstanceRef(new RunRef("acme", "ticket-4711"), 2);
    private static final InstanceRef UNSTARTED = new InstanceRef(new RunRef("acme", "ticket-4711"), 3);
    private static final int LINES = 300;

    @Test
    void every_line_is_told_once_whether_followed_or_drained() throws Exception {
        String image = System.getenv("LANTERN_TEST_SHELL_IMAGE");
        assumeTrue(image != null, "LANTERN_TEST_SHELL_IMAGE is not set; skipped: logs of a real kubelet");
        try (TestApiServer cluster = TestApiServer.open("logs of a real kubelet")) {
            String namespace = cluster.mark() + "-logs";
            cluster.make("/api/v1/namespaces", Persisted.json("""
                    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
                    """.formatted(namespace)));
            String pods = "/api/v1/namespaces/" + namespace + "/pods";
            LogHost host = new LogHost();
            try (LogTails tails = new LogTails(
                    cluster.server(),
                    new Whereabouts(host.installation(), TenantNamespaces.single(namespace)),
                    instance -> seen(cluster, pods + "/pod-" + instance.epoch()),
                    host,
                    LogPace.USUAL,
                    LogTails.MOST_FOLLOWED,
                    System::nanoTime)) {
                create(
                        cluster,
                        pods,
                        FOLLOWED,
                        image,
                        "i=0; while [ $i -lt " + LINES + " ]; do echo line $i; i=$((i+1));"
                                + " [ $((i % 20)) = 0 ] && sleep 0.2; done; sleep 1",
                        "");
                create(
                        cluster,
                        pods,
                        DRAINED,
                        image,
                        "i=0; while [ $i -lt " + LINES + " ]; do echo line $i; i=$((i+1));"
                                + " done; head -c 200000 /dev/zero | tr '\\\\0' x; echo; printf end",
                        "");
                create(cluster, pods, UNSTARTED, image, "echo never", """
                        , "initContainers": [{"name": "harness", "image": "%s", "restartPolicy": "Always",
                            "command": ["sh", "-c", "echo waiting; sleep 600"], "startupProbe": {"failureThreshold": 600,
                            "periodSeconds": 1, "exec": {"command": ["false"]}}}]""".formatted(image));
                tails.follow(FOLLOWED);
                host.await("half of it", () -> host.count(FOLLOWED) > LINES / 2);
                tails.unfollow(FOLLOWED);
                tails.follow(FOLLOWED);
                cluster.await("the end", () -> phase(cluster, pods + "/pod-2"), "Succeeded"::equals);
                cluster.await(
                        "the harness",
                        () -> cluster.get(pods + "/pod-3").body().toString(),
                        pod -> pod.contains("\"started\":false") && pod.contains("\"running\":"));
                for (InstanceRef instance : List.of(FOLLOWED, DRAINED, UNSTARTED)) {
                    tails.drain(instance);
                    host.await("drained " + instance, () -> tails.drained(instance));
                }
            }
            List<String> numbered =
                    IntStream.range(0, LINES).mapToObj(i -> "line " + i).toList();
            assertThat(host.texts(FOLLOWED)).isEqualTo(numbered);
            assertThat(host.texts(DRAINED).subList(0, LINES)).isEqualTo(numbered);
            assertThat(host.texts(DRAINED).get(LINES))
                    .startsWith("xxx")
                    .endsWith(" [… " + (200_000 - LogText.MAX_LINE) + " more bytes of this line left out]");
            assertThat(host.texts(DRAINED).get(LINES + 1)).isEqualTo("end");
            assertThat(host.texts(DRAINED)).hasSize(LINES + 2);
            assertThat(host.texts(UNSTARTED)).containsExactly("harness: waiting");
        }
    }

    private static void create(
            TestApiServer cluster, String pods, InstanceRef instance, String image, String script, String more) {
        JsonObject pod = Persisted.json("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod-%s"},
                 "spec": {"restartPolicy": "Never", "automountServiceAccountToken": false, "terminationGracePeriodSeconds": 0,
                  "containers": [{"name": "agent", "image": "%s", "command": ["sh", "-c", "%s"]}]%s}}
                """.formatted(instance.epoch(), image, script, more));
        cluster.post(pods, pod).made();
    }

    private static Optional<LoggedPod> seen(TestApiServer cluster, String path) {
        TestApiServer.Answer answer = cluster.get(path);
        return answer.status() == 200 ? Optional.of(LoggedPod.of(answer.body())) : Optional.empty();
    }

    private static String phase(TestApiServer cluster, String path) {
        return ExpectedJob.text(cluster.get(path).body(), "status", "phase").orElse("");
    }
}
