package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.NetworkMode;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.testkit.kubernetes.SeenRequest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Instances are started with three writes, once, by whichever host, and what cannot be started is told with its reason. */
class LaunchTest {
    private static final InstanceRef INSTANCE = LaunchSite.instance(1);
    private static final RequestMatcher JOBS = RequestMatcher.any().resource("jobs.batch");
    private static final RequestMatcher PODS = RequestMatcher.any().resource("pods");

    private final LaunchSite site = new LaunchSite();

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void instance_is_started_with_three_writes_in_their_order() {
        LaunchSite.Host host = site.host();

        host.launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.kubernetes.requests())
                .extracting(LaunchTest::shown)
                .containsExactly(
                        "create jobs.batch (dry run)", "create jobs.batch", "get pods", "get pods", "patch pods");
        FakePod pod = site.pods(INSTANCE).get(0);
        assertThat(pod.node()).isEqualTo("sand");
        assertThat(pod.json().path("status").path("initContainerStatuses").toString())
                .contains("\"running\"");
        assertThat(LaunchSite.agentStarted(pod))
                .as("the harness holds the agent")
                .isFalse();
        assertThat(site.ledger.ends).isEmpty();
        assertThat(site.ledger.verified).singleElement().satisfies(verified -> {
            assertThat(verified.checkpoint()).isEqualTo(Verified.POD);
            assertThat(verified.evidence()).hasSize(2);
            assertThat(verified.evidence().get(0).found()).contains(pod.name(), "every field of it");
            assertThat(verified.evidence().get(1).found())
                    .isEqualTo("whether the admission policies held is not known");
        });
        assertThat(host.eyes().expected).singleElement().satisfies(expected -> {
            assertThat(expected.podName()).isEqualTo(pod.name());
            assertThat(expected.bound().compare(Persisted.json(pod.json().toString())))
                    .isEmpty();
        });
    }

    @Test
    void every_host_writes_the_same_and_what_stands_is_left_alone() {
        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);
        String before = site.pods(INSTANCE).get(0).json().toString();
        site.kubernetes.forgetRequests();

        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.pods(INSTANCE)).hasSize(1);
        assertThat(site.pods(INSTANCE).get(0).json().toString()).isEqualTo(before);
        assertThat(site.kubernetes.count(RequestMatcher.any().verb("create", "patch", "delete")))
                .as("the dry run")
                .isEqualTo(1);
        assertThat(site.ledger.ends).isEmpty();
    }

    @Test
    void host_that_starts_later_takes_up_the_deadlines_of_the_first() {
        AgentSpec spec = Requests.agent(Isolation.UNTRUSTED, b -> b.limits(l -> l.timeout(Duration.ofMinutes(30))));
        site.host().launch().start(remaining(site.start(INSTANCE, spec), 1800), LaunchSite.PATIENCE);

        site.host().launch().start(remaining(site.start(INSTANCE, spec), 900), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).isEmpty();
        JsonNode job = site.job(INSTANCE).orElseThrow().path("spec");
        assertThat(job.path("activeDeadlineSeconds").asLong()).isEqualTo(1800 + 10 + 5 + 120);
        assertThat(job.path("template")
                        .path("spec")
                        .path("activeDeadlineSeconds")
                        .asLong())
                .isEqualTo(1800 + 10 + 5);
    }

    @Test
    void job_that_may_live_longer_than_its_run_is_not_taken_up() {
        AgentSpec spec = Requests.agent(Isolation.UNTRUSTED, b -> b.limits(l -> l.timeout(Duration.ofMinutes(30))));
        site.host().launch().start(remaining(site.start(INSTANCE, spec), 1801), LaunchSite.PATIENCE);

        site.host().launch().start(remaining(site.start(INSTANCE, spec), 900), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isFalse();
            assertThat(failed.cause()).contains("/spec/activeDeadlineSeconds: expected \"1035\", found \"1936\"");
        });
        assertThat(site.job(INSTANCE)).isEmpty();
    }

    @Test
    void job_of_a_host_with_another_configuration_is_taken_away_and_made_anew_with_the_next_epoch() {
        site.host("https://10.20.0.8:7410").launch().start(site.start(1), LaunchSite.PATIENCE);

        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isFalse();
            assertThat(failed.cause()).contains("was not what this host makes").doesNotContain("10.20.0.8");
        });
        assertThat(site.job(INSTANCE)).isEmpty();
        site.host().launch().start(site.start(2), LaunchSite.PATIENCE);
        assertThat(site.pods(LaunchSite.instance(2)).get(0).node()).isEqualTo("sand");
    }

    @Test
    void job_that_has_ended_is_not_started_again() {
        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);
        FakePod pod = site.pods(INSTANCE).get(0);
        pod.passStartupProbe("harness");
        pod.exit("agent", 3);
        site.kubernetes.settle();
        site.ledger.clear();

        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.pods(INSTANCE)).hasSize(1);
        assertThat(site.ledger.ends).as("whoever watches tells it").isEmpty();
    }

    @Test
    void strangers_job_under_our_name_is_left_alone_and_named() {
        for (String[] mark : new String[][] {
            {"labels", Marks.INSTALLATION, "another-installation"},
            {"annotations", Marks.RUN, "another-run"},
            {"labels", Marks.EPOCH, "7"},
            {"annotations", Marks.SPEC_DIGEST, "sha256:" + "0".repeat(64)}
        }) {
            site.ledger.clear();
            InstanceRef instance = new InstanceRef(new RunRef("acme", "squatted-" + mark[1].substring(12)), 1);
            InstanceStart start = site.start(instance, Requests.agent(Isolation.UNTRUSTED, b -> b));
            ObjectNode job = squatted(start);
            ((ObjectNode) job.path("metadata").path(mark[0])).put(mark[1], mark[2]);
            site.kubernetes.create(job.toString());
            String before = site.job(instance).orElseThrow().toString();

            site.host().launch().start(start, LaunchSite.PATIENCE);

            assertThat(site.ledger.ends)
                    .as(mark[1])
                    .singleElement()
                    .isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
                        assertThat(failed.forGood()).isTrue();
                        assertThat(failed.cause()).contains("Job lantern-acme/", "it is left alone", mark[2]);
                    });
            assertThat(site.job(instance).orElseThrow().toString()).isEqualTo(before);
            assertThat(site.pods(instance)).allMatch(LaunchSite::isHeld);
        }
    }

    @Test
    void job_of_another_version_of_the_template_is_no_strangers() {
        ObjectNode job = squatted(site.start(1));
        ((ObjectNode) job.path("metadata").path("annotations")).put(Marks.TEMPLATE, "0");
        site.kubernetes.create(job.toString());

        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isFalse();
            assertThat(failed.cause()).contains("another version: expected template 3, found \"0\"");
        });
    }

    @Test
    void job_that_is_being_deleted_is_told_and_may_be_tried_again() {
        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);
        ObjectNode job = site.job(INSTANCE).orElseThrow();
        Calls calls = new Calls(site.server(), site.kubernetes.clock(), new java.util.Random(1));
        ObjectNode finalizer = job.deepCopy();
        ((ObjectNode) finalizer.path("metadata")).putArray("finalizers").add("example.com/wait");
        calls.change(
                Change.patch(
                        Paths.jobs(LaunchSite.NAMESPACE),
                        job.path("metadata").path("name").asText(),
                        Persisted.json("{\"metadata\": {\"resourceVersion\": \""
                                + job.path("metadata").path("resourceVersion").asText()
                                + "\", \"finalizers\": [\"example.com/wait\"]}}"),
                        Rule.namespace(LaunchSite.NAMESPACE, "batch", "jobs", "patch")),
                LaunchSite.PATIENCE);
        calls.change(
                Paths.deleteJob(
                        LaunchSite.NAMESPACE,
                        job.path("metadata").path("name").asText(),
                        job.path("metadata").path("uid").asText()),
                LaunchSite.PATIENCE);

        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isFalse();
            assertThat(failed.cause()).contains("is being deleted");
        });
    }

    @Test
    void refusals_say_whether_another_try_could_help() {
        refused(403, "jobs.batch \\\"x\\\" is forbidden: exceeded quota: lantern-agents", false);
        refused(403, "User \\\"lantern\\\" cannot create resource \\\"jobs\\\"", false);
        refused(403, "unable to create new content in namespace lantern-acme because it is being terminated", false);
        refused(403, "admission webhook \\\"no.example.com\\\" denied the request", true);
        refused(422, "Job.batch \\\"x\\\" is invalid", true);
        refused(404, "namespaces \\\"lantern-acme\\\" not found", true);
        refused(401, "Unauthorized", false);
    }

    private void refused(int code, String message, boolean forGood) {
        site.ledger.clear();
        LaunchSite.Host host = site.host(chain -> new okhttp3.Response.Builder()
                .request(chain.request())
                .protocol(okhttp3.Protocol.HTTP_1_1)
                .code(code)
                .message("")
                .body(okhttp3.ResponseBody.create(
                        "{\"kind\": \"Status\", \"message\": \"" + message + "\"}",
                        okhttp3.MediaType.get("application/json")))
                .build());

        host.launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends)
                .as(message)
                .singleElement()
                .isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
                    assertThat(failed.forGood()).isEqualTo(forGood);
                    assertThat(failed.cause()).contains("" + code, message.replace("\\\"", "\""));
                });
    }

    @Test
    void pod_that_cannot_be_created_is_told_at_once_and_not_after_a_time_out() {
        site.kubernetes.validate("some-policy", (request, pod) -> Optional.of("no pods on Thursdays"));

        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isFalse();
            assertThat(failed.cause()).contains("the pod cannot be created", "FailedCreate", "no pods on Thursdays");
        });
    }

    @Test
    void job_that_gets_no_pod_is_known_of_as_little_as_was_seen() {
        LaunchSite still = new LaunchSite();
        try (still) {
            LaunchSite.Host host = still.host(chain -> chain.proceed(chain.request()));
            still.kubernetes.inject(
                    PODS.verb("list"), Fault.body("{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"items\": []}"));
            still.kubernetes.inject(PODS.verb("get"), Fault.status(404));

            assertThatThrownBy(() -> host.launch().start(still.start(1), Duration.ofMillis(1500)))
                    .isInstanceOf(LanternException.class)
                    .hasMessageMatching("Job lantern-acme/ln-[a-z2-7]{26} of acme/ticket-4711@1 got no pod within 1500"
                            + " ms; .*");
            assertThat(still.ledger.ends).isEmpty();
        }
    }

    @Test
    void job_that_is_deleted_while_it_has_no_pod_ends_the_start() {
        site.kubernetes.inject(
                PODS.verb("list"), Fault.body("{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"items\": []}"));
        site.kubernetes.inject(PODS.verb("get"), Fault.status(404));
        site.kubernetes.inject(
                JOBS.verb("get"), Fault.body("{\"kind\": \"Job\", \"metadata\": {\"uid\": \"another\"}}"));

        site.host().launch().start(site.start(1), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        InstanceEnd.StartFailed.class,
                        failed -> assertThat(failed.cause()).contains("was deleted before it had a pod"));
    }

    @Test
    void start_that_can_never_be_a_job_is_refused_for_good() {
        AgentSpec unpinned = Requests.agent(Isolation.UNTRUSTED, b -> b.image("example.com/agent:latest"));
        AgentSpec network = Requests.agent(Isolation.STANDARD, b -> b.network(NetworkMode.TENANT_VPC));
        InstanceStart usual = site.start(1);
        InstanceStart nowhere = with(usual, Placement.onHost(Isolation.UNTRUSTED, HandlerKind.GVISOR));
        InstanceStart hostile = with(
                usual,
                new Placement(
                        Isolation.HOSTILE, HandlerKind.KATA, usual.placement().cluster()));

        forGood(site.start(INSTANCE, unpinned), "pinned by digest");
        forGood(site.start(INSTANCE, network), "spec.network is tenant_vpc");
        forGood(nowhere, "admitted to no place in a cluster");
        forGood(hostile, "not dedicated");
        assertThat(site.kubernetes.requests()).isEmpty();
    }

    private void forGood(InstanceStart start, String why) {
        site.ledger.clear();
        site.host().launch().start(start, LaunchSite.PATIENCE);
        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.StartFailed.class, failed -> {
            assertThat(failed.forGood()).isTrue();
            assertThat(failed.cause()).contains(why);
        });
    }

    @Test
    void what_a_spec_asks_of_its_node_reaches_the_pod() {
        AgentSpec spec = Requests.agent(
                Isolation.UNTRUSTED,
                b -> b.limits(l -> l.gpu(2))
                        .preferredRegions(List.of("eu-west-1"))
                        .label("team", "support"));

        site.host().launch().start(site.start(INSTANCE, spec), LaunchSite.PATIENCE);

        ObjectNode pod = site.pods(INSTANCE).get(0).json();
        assertThat(pod.path("spec")
                        .path("containers")
                        .get(0)
                        .path("resources")
                        .path("limits")
                        .path("nvidia.com/gpu")
                        .asText())
                .isEqualTo("2");
        assertThat(pod.path("spec").path("affinity").toString()).contains("eu-west-1", "sand");
        assertThat(pod.path("metadata").path("labels").path("team").asText()).isEqualTo("support");
        assertThat(site.job(INSTANCE)
                        .orElseThrow()
                        .path("metadata")
                        .path("labels")
                        .path("team")
                        .asText())
                .isEqualTo("support");
        assertThat(site.ledger.ends).isEmpty();
    }

    @Test
    void nothing_secret_and_nothing_of_one_host_is_in_the_cluster() {
        InstanceStart start = site.start(1);

        site.host().launch().start(start, LaunchSite.PATIENCE);

        assertThat(site.job(INSTANCE).orElseThrow().toString())
                .doesNotContain(start.enrolmentSecret())
                .doesNotContain(start.gateway());
    }

    @Test
    void pod_is_let_go_to_no_more_nodes_than_a_patch_can_name() {
        List<NodeId> many = new java.util.ArrayList<>();
        many.add(new NodeId("sand", "u", "b"));
        for (int i = 0; i < 100; i++) {
            many.add(new NodeId("node-" + i, "u", "b"));
        }
        InstanceStart usual = site.start(1);
        Placement.InCluster place = usual.placement().cluster().orElseThrow();

        site.host()
                .launch()
                .start(
                        with(
                                usual,
                                new Placement(
                                        Isolation.UNTRUSTED,
                                        HandlerKind.GVISOR,
                                        Optional.of(new Placement.InCluster(
                                                place.namespace(), place.runtimeClass(), many, false)))),
                        LaunchSite.PATIENCE);

        assertThat(site.pods(INSTANCE)
                        .get(0)
                        .json()
                        .path("spec")
                        .path("affinity")
                        .path("nodeAffinity")
                        .path("requiredDuringSchedulingIgnoredDuringExecution")
                        .path("nodeSelectorTerms"))
                .hasSize(64);
        assertThat(site.pods(INSTANCE).get(0).node()).isEqualTo("sand");
    }

    private static InstanceStart with(InstanceStart start, Placement placement) {
        return new InstanceStart(
                start.instance(), start.spec(), placement, start.enrolmentSecret(), start.gateway(), start.remaining());
    }

    private static InstanceStart remaining(InstanceStart start, long seconds) {
        return new InstanceStart(
                start.instance(),
                start.spec(),
                start.placement(),
                start.enrolmentSecret(),
                start.gateway(),
                Optional.of(Duration.ofSeconds(seconds)));
    }

    /** The Job as it would be, made by somebody else. */
    private ObjectNode squatted(InstanceStart start) {
        LaunchSite elsewhere = new LaunchSite();
        try (elsewhere) {
            elsewhere.host().launch().start(start, LaunchSite.PATIENCE);
            ObjectNode job = elsewhere.job(start.instance()).orElseThrow();
            ObjectNode metadata = (ObjectNode) job.path("metadata");
            metadata.remove(List.of("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"));
            ((ObjectNode) job.path("spec")).remove("selector");
            ((ObjectNode) job.path("spec").path("template").path("metadata").path("labels"))
                    .remove(List.of(
                            "batch.kubernetes.io/controller-uid",
                            "batch.kubernetes.io/job-name",
                            "controller-uid",
                            "job-name"));
            job.remove("status");
            return job;
        }
    }

    private static String shown(SeenRequest request) {
        return request.verb() + " " + request.resource() + (request.query().contains("dryRun") ? " (dry run)" : "");
    }
}
