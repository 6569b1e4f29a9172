package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stop deletes its own Job and nothing else, and is over when nothing stands and the log was read. */
class TeardownTest {
    private static final InstanceRef INSTANCE = LaunchSite.instance(1);
    private static final RequestMatcher WRITES = RequestMatcher.any().verb("create", "patch", "update", "delete");

    private final LaunchSite site = new LaunchSite();
    private final LaunchSite.Host host = site.host();

    @BeforeEach
    void instance_runs() {
        host.launch().start(site.start(1), LaunchSite.PATIENCE);
        site.kubernetes.forgetRequests();
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void job_is_deleted_and_both_are_looked_at_before_and_afterwards() {
        assertThat(stop()).isTrue();

        assertThat(site.kubernetes.requests())
                .extracting(request -> request.verb() + " " + request.resource())
                .containsExactly("get jobs.batch", "list pods", "delete jobs.batch", "get jobs.batch", "list pods");
        assertThat(site.isGone(INSTANCE)).isTrue();
        assertThat(host.eyes().forgotten).containsExactly(INSTANCE);
    }

    @Test
    void what_does_not_stand_costs_two_looks() {
        assertThat(host.teardown().stop(LaunchSite.instance(2), LaunchSite.PATIENCE))
                .isTrue();

        assertThat(site.kubernetes.requests()).hasSize(2);
        assertThat(site.kubernetes.count(WRITES)).isZero();
        assertThat(site.isGone(INSTANCE)).isFalse();
    }

    @Test
    void pod_that_runs_is_ended_before_its_log_is_read_to_the_end() {
        host.logs().over = false;

        assertThat(stop()).as("the log is not read yet").isFalse();

        assertThat(site.isGone(INSTANCE)).isTrue();
        host.logs().over = true;
        assertThat(stop()).isTrue();
    }

    @Test
    void pod_that_has_ended_stays_until_its_log_was_read() {
        agentEnds();
        host.logs().over = false;

        assertThat(stop()).isFalse();
        assertThat(site.kubernetes.count(WRITES)).isZero();
        assertThat(site.pods(INSTANCE)).hasSize(1);

        host.logs().over = true;
        assertThat(stop()).isTrue();
        assertThat(site.isGone(INSTANCE)).isTrue();
    }

    @Test
    void lines_keep_nothing_standing_while_nobody_sees() {
        agentEnds();
        host.logs().over = false;
        host.eyes().see = false;

        assertThat(stop()).isTrue();
        assertThat(site.isGone(INSTANCE)).isTrue();
    }

    @Test
    void pod_that_does_not_listen_is_waited_for_by_the_cluster_and_not_by_the_host() {
        site.pods(INSTANCE).get(0).ignoreTermination();

        assertThat(stop()).isFalse();
        assertThat(site.pods(INSTANCE)).hasSize(1);
        assertThat(stop()).isFalse();
        assertThat(site.kubernetes.count(WRITES)).as("deleted once").isEqualTo(1);

        site.kubernetes.advance(LaunchSite.TERMS.grace().plus(Deadlines.DRAIN));
        assertThat(stop()).isTrue();
    }

    @Test
    void strangers_job_under_our_name_is_not_touched() {
        stop();
        ObjectNode stranger = site.kubernetes.create(
                """
                {"apiVersion": "batch/v1", "kind": "Job",
                 "metadata": {"name": "%s", "namespace": "lantern-acme"},
                 "spec": {"suspend": true, "template": {"spec": {"restartPolicy": "Never",
                   "containers": [{"name": "c", "image": "i"}]}}}}
                """.formatted(LaunchSite.WHEREABOUTS.of(INSTANCE).job()));
        site.kubernetes.forgetRequests();

        assertThat(stop()).isTrue();

        assertThat(site.kubernetes.count(WRITES)).isZero();
        assertThat(site.job(INSTANCE).orElseThrow().at("/metadata/uid")).isEqualTo(stranger.at("/metadata/uid"));
    }

    @Test
    void job_that_was_made_anew_since_it_was_looked_at_is_another() {
        LaunchSite.Host late = site.host(Meddler.before(2, () -> {
            host.teardown().stop(INSTANCE, LaunchSite.PATIENCE);
            host.launch().start(site.start(1), LaunchSite.PATIENCE);
        }));

        assertThat(late.teardown().stop(INSTANCE, LaunchSite.PATIENCE)).isFalse();

        assertThat(site.job(INSTANCE)).isPresent();
        assertThat(late.teardown().stop(INSTANCE, LaunchSite.PATIENCE)).isTrue();
    }

    @Test
    void pod_that_somebody_orphaned_is_named_and_is_over_when_its_deadline_ends_it() throws IOException {
        orphan();

        assertThatThrownBy(this::stop)
                .isInstanceOf(LanternException.class)
                .hasMessageMatching(
                        "pod lantern-acme/ln-\\S+ of acme/ticket-4711@1 runs without its Job, which somebody"
                                + " deleted and left its pod: this host may not delete pods; delete it by hand, or wait until"
                                + " its own activeDeadlineSeconds end it");
        assertThat(site.kubernetes.count(WRITES)).isZero();

        FakePod pod = site.pods(INSTANCE).get(0);
        site.kubernetes.advance(Duration.ofHours(25));
        assertThat(pod.phase()).isEqualTo("Failed");
        assertThat(stop()).isTrue();
    }

    @Test
    void deletion_in_the_foreground_by_others_is_waited_for() throws IOException {
        site.pods(INSTANCE).get(0).ignoreTermination();
        TestApiServer.of(site.kubernetes.kubeconfig())
                .delete(path(), Persisted.json("{\"propagationPolicy\":\"Foreground\"}"));
        site.kubernetes.forgetRequests();

        assertThat(stop()).isFalse();
        assertThat(site.kubernetes.count(WRITES)).isZero();

        site.kubernetes.advance(Duration.ofMinutes(1));
        site.kubernetes.settle();
        assertThat(stop()).isTrue();
    }

    @Test
    void stop_that_may_not_look_or_delete_says_what_it_takes() {
        site.kubernetes.forbid(RequestMatcher.any().verb("delete").resource("jobs.batch"));
        assertThatThrownBy(this::stop)
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("is not deleted")
                .hasMessageContaining(
                        "{apiGroups: [\"batch\"], resources: [\"jobs\"], verbs: [\"delete\"]} in namespace lantern-acme");

        site.kubernetes.forbid(RequestMatcher.any().verb("list").resource("pods"));
        assertThatThrownBy(this::stop)
                .isInstanceOf(LanternException.class)
                .hasMessageContaining("stopping acme/ticket-4711@1")
                .hasMessageContaining("{apiGroups: [\"\"], resources: [\"pods\"], verbs: [\"list\"]}");
        assertThat(site.pods(INSTANCE)).hasSize(1);
    }

    private boolean stop() {
        return host.teardown().stop(INSTANCE, LaunchSite.PATIENCE);
    }

    private void agentEnds() {
        FakePod pod = site.pods(INSTANCE).get(0);
        pod.passStartupProbe("harness");
        pod.exit("agent", 0);
        site.kubernetes.settle();
        assertThat(pod.phase()).isEqualTo("Succeeded");
    }

    private void orphan() throws IOException {
        TestApiServer.of(site.kubernetes.kubeconfig())
                .delete(path(), Persisted.json("{\"propagationPolicy\":\"Orphan\"}"));
        site.kubernetes.settle();
        assertThat(site.job(INSTANCE)).isEmpty();
        assertThat(site.pods(INSTANCE)).hasSize(1);
        site.kubernetes.forgetRequests();
    }

    private static String path() {
        return Paths.jobs(LaunchSite.NAMESPACE) + "/"
                + LaunchSite.WHEREABOUTS.of(INSTANCE).job();
    }
}
