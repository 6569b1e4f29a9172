package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Job, its pod, and what remains of either. */
class JobsTest {
    private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void job_is_persisted_with_its_defaults_and_finds_its_pods_by_its_uid() {
        JsonNode job = client.post(JOBS, Manifests.job("run", "", "")).json();
        String uid = job.at("/metadata/uid").asText();

        JsonNode spec = job.path("spec");
        assertThat(spec.path("parallelism").asInt()).isEqualTo(1);
        assertThat(spec.path("completions").asInt()).isEqualTo(1);
        assertThat(spec.path("backoffLimit").asInt(-1)).isZero();
        assertThat(spec.path("completionMode").asText()).isEqualTo("NonIndexed");
        assertThat(spec.path("podReplacementPolicy").asText()).isEqualTo("TerminatingOrFailed");
        assertThat(spec.has("suspend") && spec.has("manualSelector")).isTrue();
        assertThat(spec.at("/selector/matchLabels"))
                .isEqualTo(Client.json("{\"batch.kubernetes.io/controller-uid\":\"" + uid + "\"}"));
        assertThat(spec.at("/template/metadata/labels"))
                .isEqualTo(Client.json("{\"app\":\"it\",\"batch.kubernetes.io/controller-uid\":\"" + uid
                        + "\",\"batch.kubernetes.io/job-name\":\"run\",\"controller-uid\":\"" + uid
                        + "\",\"job-name\":\"run\"}"));
        assertThat(spec.at("/template/spec").has("enableServiceLinks")).isFalse();
        assertThat(spec.at("/template/spec/schedulerName").asText()).isEqualTo("default-scheduler");
    }

    @Test
    void job_makes_a_pod_that_it_owns() {
        String uid = client.post(JOBS, Manifests.job("run", "", "")).at("/metadata/uid");

        kubernetes.tick();

        ObjectNode pod = kubernetes.pods("default").get(0).json();
        assertThat(pod.at("/metadata/name").asText()).matches("run-[a-z0-9]{5}");
        assertThat(pod.at("/metadata/generateName").asText()).isEqualTo("run-");
        assertThat(pod.at("/metadata/finalizers/0").asText()).isEqualTo("batch.kubernetes.io/job-tracking");
        assertThat(pod.at("/metadata/labels/job-name").asText()).isEqualTo("run");
        assertThat(pod.at("/metadata/ownerReferences/0"))
                .isEqualTo(Client.json("{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"name\":\"run\",\"uid\":\"" + uid
                        + "\",\"controller\":true,\"blockOwnerDeletion\":true}"));
        assertThat(events("run")).containsExactly("SuccessfulCreate");
        assertThat(job().at("/status/active").asInt()).isEqualTo(1);
    }

    @Test
    void exit_code_zero_completes_the_job_and_its_ttl_leaves_nothing() {
        kubernetes.addNode("n1");
        client.post(JOBS, Manifests.job("run", "'ttlSecondsAfterFinished':600", ""));
        kubernetes.settle();
        FakePod pod = pod();

        pod.exit("agent", 0);
        kubernetes.settle();

        assertThat(pod.phase()).isEqualTo("Succeeded");
        assertThat(pod.json().at("/metadata").has("finalizers")).isFalse();
        assertThat(conditions()).containsExactly("SuccessCriteriaMet", "Complete");
        assertThat(job().at("/status/succeeded").asInt()).isEqualTo(1);
        kubernetes.advance(Duration.ofSeconds(599));
        assertThat(kubernetes.find("jobs.batch", "default", "run")).isPresent();
        kubernetes.advance(Duration.ofSeconds(1));
        assertThat(kubernetes.find("jobs.batch", "default", "run")).isEmpty();
        assertThat(kubernetes.pods("default")).isEmpty();
    }

    @Test
    void failed_pod_fails_a_job_without_retries() {
        kubernetes.addNode("n1");
        client.post(JOBS, Manifests.job("run", "", ""));
        kubernetes.settle();

        pod().exit("agent", 3);
        kubernetes.settle();

        assertThat(conditions()).containsExactly("FailureTarget", "Failed");
        assertThat(job().at("/status/conditions/1/reason").asText()).isEqualTo("BackoffLimitExceeded");
        assertThat(kubernetes.pods("default")).hasSize(1);
    }

    @Test
    void deadline_of_the_job_clears_a_gated_pod() {
        client.post(JOBS, Manifests.job("run", "'activeDeadlineSeconds':60", "'schedulingGates':[{'name':'a/b'}]"));
        kubernetes.settle();

        kubernetes.advance(Duration.ofSeconds(60));

        assertThat(job().at("/status/conditions/1/reason").asText()).isEqualTo("DeadlineExceeded");
        assertThat(kubernetes.pods("default")).isEmpty();
    }

    @Test
    void deadline_of_the_job_waits_for_a_lost_node_to_return() {
        kubernetes.addNode("n1");
        client.post(JOBS, Manifests.job("run", "'activeDeadlineSeconds':60", ""));
        kubernetes.settle();
        kubernetes.node("n1").lose();

        kubernetes.advance(Duration.ofMinutes(2));
        assertThat(conditions()).containsExactly("FailureTarget");
        assertThat(pod().json().at("/metadata/deletionTimestamp").asText()).isNotEmpty();
        kubernetes.node("n1").recover();
        kubernetes.settle();

        assertThat(conditions()).containsExactly("FailureTarget", "Failed");
        assertThat(kubernetes.pods("default")).isEmpty();
    }

    @Test
    void template_whose_pods_never_end_is_invalid() {
        Client.Answer answer = client.post(JOBS, Manifests.job("run", "", "").replace("Never", "Always"));

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.at("/message"))
                .isEqualTo("Job.batch \"run\" is invalid: spec.template.spec.restartPolicy: Unsupported value:"
                        + " \"Always\": supported values: \"OnFailure\", \"Never\"");
    }

    @Test
    void deadline_of_the_pod_does_not_run_while_it_is_gated_and_is_the_kubelets_then() {
        kubernetes.addNode("n1");
        client.post(JOBS, Manifests.job("run", "", "'activeDeadlineSeconds':60,'schedulingGates':[{'name':'a/b'}]"));
        kubernetes.settle();
        kubernetes.advance(Duration.ofHours(1));
        assertThat(pod().phase()).isEqualTo("Pending");

        client.patch(
                "/api/v1/namespaces/default/pods/" + pod().name(),
                Client.MERGE,
                "{\"spec\":{\"schedulingGates\":null}}");
        kubernetes.settle();
        assertThat(pod().phase()).isEqualTo("Running");
        kubernetes.advance(Duration.ofSeconds(60));

        assertThat(pod().phase()).isEqualTo("Failed");
        assertThat(pod().json().at("/status/reason").asText()).isEqualTo("DeadlineExceeded");
    }

    @Test
    void background_deletion_takes_the_pod_with_it_after_its_grace() {
        kubernetes.addNode("n1");
        String uid = client.post(JOBS, Manifests.job("run", "", "")).at("/metadata/uid");
        kubernetes.settle();
        pod().ignoreTermination();

        client.delete(
                JOBS + "/run", "{\"propagationPolicy\":\"Background\",\"preconditions\":{\"uid\":\"" + uid + "\"}}");
        assertThat(kubernetes.find("jobs.batch", "default", "run")).isEmpty();
        kubernetes.settle();
        assertThat(pod().json().at("/metadata/deletionTimestamp").asText()).isEqualTo("2026-01-01T00:00:30Z");
        assertThat(pod().phase()).isEqualTo("Running");
        kubernetes.advance(Duration.ofSeconds(30));

        assertThat(kubernetes.pods("default")).isEmpty();
    }

    @Test
    void plain_deletion_orphans_a_running_pod() {
        kubernetes.addNode("n1");
        client.post(JOBS, Manifests.job("run", "", ""));
        kubernetes.settle();

        client.delete(JOBS + "/run", "");
        kubernetes.settle();

        assertThat(kubernetes.find("jobs.batch", "default", "run")).isEmpty();
        assertThat(pod().phase()).isEqualTo("Running");
        assertThat(pod().json().path("metadata").has("ownerReferences")).isFalse();
    }

    @Test
    void foreground_deletion_drops_an_owned_fence_while_the_pod_still_stops() {
        kubernetes.addNode("n1");
        String uid = client.post(JOBS, Manifests.job("run", "", "")).at("/metadata/uid");
        kubernetes.create(
                ("{'apiVersion':'networking.k8s.io/v1','kind':'NetworkPolicy','metadata':{'name':'fence','ownerReferences':"
                                + "[{'apiVersion':'batch/v1','kind':'Job','name':'run','uid':'" + uid
                                + "'}]},'spec':{'podSelector':{}}}")
                        .replace('\'', '"'));
        kubernetes.settle();
        pod().ignoreTermination();

        client.delete(JOBS + "/run", "{\"propagationPolicy\":\"Foreground\"}");
        kubernetes.settle();

        assertThat(kubernetes.find("networkpolicies.networking.k8s.io", "default", "fence"))
                .isEmpty();
        assertThat(kubernetes.find("jobs.batch", "default", "run")).isPresent();
        assertThat(pod().phase()).isEqualTo("Running");
        kubernetes.advance(Duration.ofSeconds(30));
        assertThat(kubernetes.find("jobs.batch", "default", "run")).isEmpty();
    }

    @Test
    void refused_pod_is_said_in_an_event_and_tried_again() {
        kubernetes.validate("no-pods", (request, pod) -> Optional.of("none today"));
        client.post(JOBS, Manifests.job("run", "", ""));
        kubernetes.settle();

        assertThat(kubernetes.pods("default")).isEmpty();
        assertThat(events("run")).containsOnly("FailedCreate");
        assertThat(kubernetes.list("events", "default").get(0).at("/message").asText())
                .startsWith("Error creating: pods \"run-")
                .endsWith("denied request: none today");
        kubernetes.removeHooks();
        kubernetes.advance(Duration.ofSeconds(1));
        assertThat(kubernetes.pods("default")).hasSize(1);
    }

    @Test
    void name_of_a_deleted_job_can_be_taken_again() {
        client.post(JOBS, Manifests.job("run", "", ""));
        kubernetes.settle();

        client.delete(JOBS + "/run?propagationPolicy=Background", "");

        assertThat(client.post(JOBS, Manifests.job("run", "", "")).code()).isEqualTo(201);
    }

    @Test
    void moving_fake_settles_behind_every_write() {
        try (FakeKubernetes moving = FakeKubernetes.builder().moving().start()) {
            moving.addNode("n1");
            moving.script(pod -> PodScript.starts().then(running -> running.exit("agent", 0)));

            Client.of(moving).post(JOBS, Manifests.job("run", "", ""));

            assertThat(moving.pods("default").get(0).phase()).isEqualTo("Succeeded");
        }
    }

    private FakePod pod() {
        return kubernetes.pods("default").get(0);
    }

    private ObjectNode job() {
        return kubernetes.find("jobs.batch", "default", "run").orElseThrow();
    }

    private List<String> conditions() {
        return Trees.objects(job().at("/status/conditions"))
                .map(condition -> condition.path("type").asText())
                .toList();
    }

    private List<String> events(String about) {
        return kubernetes.list("events", "default").stream()
                .filter(event -> event.at("/involvedObject/name").asText().equals(about))
                .map(event -> event.path("reason").asText())
                .toList();
    }
}
