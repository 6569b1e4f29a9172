package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fake as the author of a test uses it. */
class FakeKubernetesTest {
    private static final String JOB =
            Manifests.job("run", "'activeDeadlineSeconds':3600", "'schedulingGates':[{'name':'lantern.dev/gate'}]");

    // tag::life[]
    @Test
    void node_is_lost_while_its_pod_runs() {
        try (FakeKubernetes kubernetes = FakeKubernetes.start()) {
            kubernetes.addNode("n1").handlers("", "runc", "runsc");
            kubernetes.create(JOB);
            kubernetes.settle();
            FakePod pod = kubernetes.pods("default").get(0);
            assertThat(pod.node()).isEmpty();

            ungate(kubernetes, pod);
            kubernetes.settle();
            assertThat(pod.phase()).isEqualTo("Running");

            kubernetes.node("n1").lose();
            kubernetes.advance(Duration.ofSeconds(40));
            assertThat(pod.phase()).isEqualTo("Running");
            assertThat(pod.json().toString()).contains("\"type\":\"Ready\",\"status\":\"False\"");
        }
    }
    // end::life[]

    // tag::hostile[]
    @Test
    void webhook_takes_the_gate_away() {
        try (FakeKubernetes kubernetes = FakeKubernetes.builder().moving().start()) {
            kubernetes.addNode("n1");
            kubernetes.mutate((request, pod) -> {
                ((ObjectNode) pod.path("spec")).remove("schedulingGates");
                return pod;
            });

            kubernetes.create(JOB);

            assertThat(kubernetes.pods("default").get(0).phase()).isEqualTo("Running");
        }
    }
    // end::hostile[]

    // tag::fault[]
    @Test
    void answer_is_lost_after_its_effect() {
        try (FakeKubernetes kubernetes = FakeKubernetes.start()) {
            kubernetes.inject(RequestMatcher.any().verb("create").resource("jobs.batch"), Fault.answerLost(), 1);

            assertThatThrownBy(() -> post(kubernetes)).isInstanceOf(Exception.class);

            assertThat(kubernetes.find("jobs.batch", "default", "run")).isPresent();
            assertThat(post(kubernetes).code()).isEqualTo(409);
        }
    }
    // end::fault[]

    @Test
    void two_fakes_that_do_the_same_are_the_same() {
        assertThat(story()).isEqualTo(story());
    }

    @Test
    void clock_of_the_tests_own_is_moved_by_the_test() {
        Instant[] now = {Instant.parse("2030-05-01T12:00:00Z")};
        try (FakeKubernetes kubernetes =
                FakeKubernetes.builder().clock(() -> now[0]).version("v1.34.1").start()) {
            kubernetes.addNamespace("agents", Map.of("a", "b"));
            assertThat(kubernetes.find("namespaces", "", "agents").orElseThrow().toString())
                    .contains("\"creationTimestamp\":\"2030-05-01T12:00:00Z\"", "\"a\":\"b\"");
            assertThat(kubernetes.clock().instant()).isEqualTo(now[0]);
            assertThatThrownBy(() -> kubernetes.advance(Duration.ofSeconds(1)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("move that, and call settle");
        }
    }

    @Test
    void every_way_to_a_namespace_gives_it_a_service_account() {
        try (FakeKubernetes kubernetes = FakeKubernetes.start()) {
            String manifest = "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\"}}";
            kubernetes.addNamespace("added");
            kubernetes.create(manifest.formatted("created"));
            Client.of(kubernetes).post("/api/v1/namespaces", manifest.formatted("posted"));

            assertThat(List.of("added", "created", "posted"))
                    .allSatisfy(namespace -> assertThat(kubernetes.find("serviceaccounts", namespace, "default"))
                            .isPresent());
        }
    }

    @Test
    void what_the_fake_does_not_serve_is_named() {
        try (FakeKubernetes kubernetes = FakeKubernetes.start()) {
            assertThatThrownBy(() -> kubernetes.list("daemonsets.apps", ""))
                    .hasMessage("the fake serves no daemonsets.apps");
            assertThatThrownBy(() -> kubernetes.create("{\"apiVersion\":\"apps/v1\",\"kind\":\"DaemonSet\"}"))
                    .hasMessage("the fake serves no \"DaemonSet\" of \"apps/v1\"");
            assertThatThrownBy(() -> kubernetes.token("default", "none"))
                    .hasMessage("there is no service account default/none");
            assertThatThrownBy(() -> kubernetes.node("none").lose()).hasMessageContaining("no machine none");
        }
    }

    private static List<String> story() {
        try (FakeKubernetes kubernetes = FakeKubernetes.builder().moving().start()) {
            kubernetes.addNode("n1");
            kubernetes.create(JOB);
            ungate(kubernetes, kubernetes.pods("default").get(0));
            kubernetes.pods("default").get(0).exit("agent", 3);
            return List.of(
                    kubernetes.list("pods", "").toString(),
                    kubernetes.list("events", "").toString(),
                    kubernetes.list("jobs.batch", "").toString());
        }
    }

    private static void ungate(FakeKubernetes kubernetes, FakePod pod) {
        Client.Answer answer = Client.of(kubernetes)
                .patch(
                        "/api/v1/namespaces/default/pods/" + pod.name(),
                        Client.MERGE,
                        "{\"spec\":{\"schedulingGates\":null}}");
        assertThat(answer.code()).isEqualTo(200);
    }

    private static Client.Answer post(FakeKubernetes kubernetes) {
        return Client.of(kubernetes).post("/apis/batch/v1/namespaces/default/jobs", JOB);
    }
}
