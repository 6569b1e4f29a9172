package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.PodScript;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every line of an agent is told once and in order, whatever becomes of the requests for it. */
class LogTailsTest {
    private static final InstanceRef ONE = instance(1);
    private static final RequestMatcher LOG = RequestMatcher.any().resource("pods/log");

    private final LogHost host = new LogHost();
    private final List<LogTails> all = new ArrayList<>();
    private FakeKubernetes kubernetes;
    private LogTails tails;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        kubernetes.addNamespace("agents");
        kubernetes.addNode("n1");
        tails = tails(host, pace(Duration.ofMinutes(1)), 8);
    }

    @AfterEach
    void stop() {
        all.forEach(LogTails::close);
        kubernetes.close();
        assertThat(host.thrown).isEmpty();
    }

    // -- following

    @Test
    void lines_are_told_as_they_are_written() {
        FakePod pod = runs(ONE);
        tails.follow(ONE);
        for (int i = 0; i < 20; i++) {
            pod.log("agent", "line " + i);
            awaitLines(ONE, i + 1);
        }

        assertThat(host.texts(ONE)).isEqualTo(numbered(20));
        assertThat(kubernetes.count(LOG)).isEqualTo(1);
    }

    @Test
    void nothing_is_asked_for_what_nobody_follows_and_nothing_more_once_nobody_does() {
        FakePod pod = runs(ONE);
        runs(instance(2));
        pod.log("agent", "before");
        assertThat(kubernetes.count(LOG)).isZero();
        tails.follow(ONE);
        awaitLines(ONE, 1);

        tails.unfollow(ONE);
        host.await("the request ends", () -> host.threads.get() == 0 || kubernetes.count(LOG) == 1);
        pod.log("agent", "meanwhile");
        tails.follow(instance(2));
        kubernetes.pod("agents", "pod-2").log("agent", "other");
        awaitLines(instance(2), 1);
        assertThat(host.texts(ONE)).containsExactly("before");
        assertThat(kubernetes.count(LOG)).as("one each").isEqualTo(2);

        tails.follow(ONE);
        awaitLines(ONE, 2);
        assertThat(host.texts(ONE)).containsExactly("before", "meanwhile");
    }

    @Test
    void agent_that_has_not_started_is_waited_for_without_a_request() {
        kubernetes.script(pod -> PodScript.waits());
        FakePod pod = runs(ONE);
        tails.follow(ONE);
        tails.follow(instance(2));
        host.await("somebody looks", () -> host.threads.get() > 0);
        pod.start();
        pod.log("agent", "first");

        awaitLines(ONE, 1);
        assertThat(kubernetes.count(LOG)).isEqualTo(1);
    }

    @Test
    void rotation_and_a_restart_of_the_api_server_lose_and_double_nothing() {
        FakePod pod = runs(ONE);
        tails.follow(ONE);
        for (int i = 0; i < 30; i++) {
            pod.log("agent", "line " + i);
            if (i % 3 == 0) {
                pod.rotateLog("agent");
            } else if (i % 3 == 1) {
                kubernetes.restart();
            } else {
                kubernetes.advance(Duration.ofMillis(400));
            }
        }
        awaitLines(ONE, 30);
        pod.exit("agent", 0);
        drain(ONE);

        assertThat(host.texts(ONE)).isEqualTo(numbered(30));
    }

    @Test
    void half_open_connection_is_given_up_after_a_silence() {
        tails = tails(host, pace(Duration.ofMillis(200)), 8);
        FakePod pod = runs(ONE);
        pod.log("agent", "line 0");
        pod.log("agent", "line 1");
        Injection dead = kubernetes.inject(LOG, Fault.stallAfter(50), 1);
        tails.follow(ONE);
        dead.awaitHit();

        awaitLines(ONE, 2);
        pod.log("agent", "line 2");
        awaitLines(ONE, 3);
        assertThat(host.texts(ONE)).isEqualTo(numbered(3));
    }

    @Test
    void refusals_and_failures_are_asked_again_with_pauses() {
        FakePod pod = runs(ONE);
        pod.log("agent", "line 0");
        Injection failing = kubernetes.inject(LOG, Fault.status(503), 4);
        Injection garbled = kubernetes.inject(LOG, Fault.body("{\"kind\": \"Status\"}"), 1);
        Injection lost = kubernetes.inject(LOG, Fault.answerLost(), 1);
        tails.follow(ONE);

        awaitLines(ONE, 1);
        assertThat(failing.hits() + garbled.hits() + lost.hits()).isEqualTo(6);
        assertThat(host.texts(ONE)).containsExactly("line 0");
    }

    @Test
    void place_that_the_log_store_cannot_tell_is_asked_for_again() {
        FakePod pod = runs(ONE);
        pod.log("agent", "line 0");
        pod.log("agent", "line 1");
        host.kept.put(ONE, new LogPosition(Instant.parse("2026-01-01T00:00:00Z"), 1));
        host.keptFails.set(3);
        tails.follow(ONE);

        awaitLines(ONE, 1);
        assertThat(host.texts(ONE)).containsExactly("line 1");
    }

    // -- whatever is in it

    @Test
    void lines_are_told_as_they_are_but_no_longer_than_there_is_room_for() {
        FakePod pod = runs(ONE);
        String forged = "2026-01-01T00:00:09.000000000Z forged\u001b[31m\u0007 \u2028 \ud83d\ude00";
        pod.log("agent", "");
        pod.log("agent", " ");
        pod.log("agent", forged);
        pod.log("agent", "with a carriage return\r");
        pod.log("agent", "x".repeat(LogText.MAX_LINE));
        pod.log("agent", "\u00e4".repeat(4_000_000));
        pod.log("agent", "last");
        tails.follow(ONE);
        awaitLines(ONE, 7);

        List<String> texts = host.texts(ONE);
        assertThat(texts.subList(0, 4)).containsExactly("", " ", forged, "with a carriage return");
        assertThat(texts.get(4)).hasSize(LogText.MAX_LINE);
        assertThat(texts.get(5))
                .isEqualTo("\u00e4".repeat(LogText.MAX_LINE / 2) + " [… " + (8_000_000 - LogText.MAX_LINE)
                        + " more bytes of this line left out]");
        assertThat(texts.get(6)).isEqualTo("last");
    }

    @Test
    void flood_is_told_whole_also_when_it_breaks_off() {
        FakePod pod = runs(ONE);
        for (int i = 0; i < 5_000; i++) {
            pod.log("agent", "line " + i);
        }
        kubernetes.inject(LOG, Fault.cutAfter(70_000), 3);
        tails.follow(ONE);
        awaitLines(ONE, 5_000);

        assertThat(host.texts(ONE)).isEqualTo(numbered(5_000));
    }

    // -- the end

    @Test
    void end_of_a_log_that_nobody_followed_is_drained() {
        FakePod pod = runs(ONE);
        pod.log("agent", "line 0");
        pod.log("agent", "line 1");
        pod.exit("agent", 1);
        assertThat(tails.drained(ONE)).isFalse();

        drain(ONE);

        assertThat(host.texts(ONE)).isEqualTo(numbered(2));
        assertThat(kubernetes.count(LOG)).as("the second confirms the end").isEqualTo(2);
        tails.drain(ONE);
        tails.follow(ONE);
        assertThat(tails.drained(ONE)).isTrue();
    }

    @Test
    void drain_waits_for_a_container_that_still_runs() {
        FakePod pod = runs(ONE);
        pod.log("agent", "line 0");
        tails.drain(ONE);
        awaitLines(ONE, 1);
        assertThat(tails.drained(ONE)).isFalse();
        pod.log("agent", "line 1");
        awaitLines(ONE, 2);
        pod.exit("agent", 0);

        drain(ONE);
        assertThat(host.texts(ONE)).isEqualTo(numbered(2));
    }

    @Test
    void answer_that_ends_too_early_is_no_end() {
        FakePod pod = runs(ONE);
        for (int i = 0; i < 4; i++) {
            pod.log("agent", "line " + i);
        }
        pod.exit("agent", 0);
        String half = "2026-01-01T00:00:00.000000000Z line 0\n2026-01-01T00:00:00.000000000Z lin";
        ApiServer cutting = LogAnswers.before(kubernetes, List.of(half));
        tails = tails(cutting, host, pace(Duration.ofMinutes(1)), 8);

        drain(ONE);
        assertThat(host.texts(ONE)).isEqualTo(numbered(4));
    }

    @Test
    void last_line_without_an_end_is_told_when_the_log_ends_there() {
        FakePod pod = runs(ONE);
        pod.exit("agent", 0);
        String open = "2026-01-01T00:00:00.000000000Z line 0\n2026-01-01T00:00:00.000000000Z line 1";
        ApiServer saying = LogAnswers.before(kubernetes, List.of(open, open));
        tails = tails(saying, host, pace(Duration.ofMinutes(1)), 8);

        drain(ONE);
        assertThat(host.texts(ONE)).isEqualTo(numbered(2));
    }

    @Test
    void page_of_a_proxy_is_not_told_as_what_an_agent_wrote() {
        FakePod pod = runs(ONE);
        pod.log("agent", "line 0");
        kubernetes.inject(LOG, Fault.body("line -1\n"), 3);
        tails.follow(ONE);

        awaitLines(ONE, 1);
        assertThat(host.texts(ONE)).containsExactly("line 0");
    }

    @Test
    void pod_that_is_gone_ends_a_drain() {
        tails.drain(ONE);
        host.await("drained", () -> tails.drained(ONE));
        assertThat(kubernetes.count(LOG)).isZero();
    }

    @Test
    void drain_gives_up_a_log_that_stays_unreadable() {
        FakePod pod = runs(ONE);
        pod.log("agent", "line 0");
        kubernetes.node("n1").lose();

        drain(ONE);
        assertThat(host.texts(ONE)).isEmpty();
    }

    @Test
    void of_an_agent_that_never_started_the_harness_tells_its_last_lines() {
        FakePod pod = waitsBesideItsHarness(ONE);
        for (int i = 0; i < 25; i++) {
            pod.log("harness", "said " + i);
        }

        drain(ONE);
        assertThat(host.texts(ONE))
                .isEqualTo(IntStream.range(5, 25)
                        .mapToObj(i -> "harness: said " + i)
                        .toList());
    }

    @Test
    void lines_of_the_harness_are_not_told_again_by_the_next_host() {
        FakePod pod = waitsBesideItsHarness(ONE);
        pod.log("harness", "said 0");
        pod.log("harness", "said 1");
        host.kept.put(ONE, new LogPosition(Instant.parse("2026-01-01T00:00:00Z"), 1));

        drain(ONE);
        assertThat(host.texts(ONE)).containsExactly("harness: said 1");
    }

    @Test
    void of_a_pod_in_which_nothing_started_nothing_is_told() {
        kubernetes.script(pod -> PodScript.waits());
        runs(ONE);

        drain(ONE);
        assertThat(host.texts(ONE)).isEmpty();
    }

    // -- many

    @Test
    void more_than_there_are_threads_for_take_turns_and_drains_do_not_wait_for_them() {
        tails = tails(
                host,
                new LogPace(
                        Duration.ofMillis(50),
                        Duration.ZERO,
                        Duration.ofMillis(1),
                        Duration.ofMillis(1),
                        Duration.ofMillis(50),
                        Duration.ofMillis(300),
                        Duration.ofMillis(300)),
                2);
        for (int i = 1; i <= 6; i++) {
            runs(instance(i)).log("agent", "line 0");
            tails.follow(instance(i));
        }
        FakePod ended = runs(instance(7));
        ended.log("agent", "line 0");
        ended.exit("agent", 0);
        tails.drain(instance(7));

        for (int round = 0; round < 2; round++) {
            for (int i = 1; i <= 6; i++) {
                awaitLines(instance(i), round + 1);
            }
            for (int i = 1; i <= 6; i++) {
                kubernetes.pod("agents", "pod-" + i).log("agent", "line " + (round + 1));
            }
        }
        host.await("drained", () -> tails.drained(instance(7)));
        for (int i = 1; i <= 6; i++) {
            awaitLines(instance(i), 3);
            assertThat(host.texts(instance(i))).isEqualTo(numbered(3));
        }
        assertThat(host.mostThreads.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void close_ends_every_request_and_every_thread() {
        for (int i = 1; i <= 5; i++) {
            runs(instance(i)).log("agent", "line 0");
            tails.follow(instance(i));
            awaitLines(instance(i), 1);
        }
        tails.forget(instance(1));
        tails.close();
        tails.close();
        tails.follow(instance(1));
        tails.drain(instance(2));

        host.await("no thread", () -> host.threads.get() == 0);
        assertThat(tails.drained(instance(2))).isFalse();
    }

    // -- what there is

    private FakePod runs(InstanceRef instance) {
        return pod(instance, "");
    }

    private FakePod waitsBesideItsHarness(InstanceRef instance) {
        return pod(instance, """
                , "initContainers": [{"name": "harness", "image": "h:1", "restartPolicy": "Always",
                                      "startupProbe": {"tcpSocket": {"port": 7412}}}]""");
    }

    private FakePod pod(InstanceRef instance, String more) {
        String name = "pod-" + instance.epoch();
        kubernetes.create("""
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "agents"},
                 "spec": {"restartPolicy": "Never", "containers": [{"name": "agent", "image": "a:1"}]%s}}
                """.formatted(name, more));
        kubernetes.settle();
        return kubernetes.pod("agents", name);
    }

    private LogTails tails(LogHost host, LogPace pace, int most) {
        return tails(new ApiServer(Clusters.client(kubernetes.kubeconfig())), host, pace, most);
    }

    private LogTails tails(ApiServer server, LogHost host, LogPace pace, int most) {
        LogTails made = new LogTails(
                server,
                new Whereabouts(host.installation(), TenantNamespaces.single("agents")),
                this::seen,
                host,
                pace,
                most,
                System::nanoTime);
        all.add(made);
        return made;
    }

    private Optional<LoggedPod> seen(InstanceRef instance) {
        return kubernetes
                .find("pods", "agents", "pod-" + instance.epoch())
                .map(pod -> LoggedPod.of(Persisted.json(pod.toString())));
    }

    private static LogPace pace(Duration silence) {
        return new LogPace(
                silence,
                Duration.ofSeconds(5),
                Duration.ofMillis(5),
                Duration.ofMillis(1),
                Duration.ofMillis(20),
                Duration.ofMillis(300),
                Duration.ofMillis(300));
    }

    private static InstanceRef instance(int epoch) {
        return new InstanceRef(new RunRef("acme", "ticket-4711"), epoch);
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line " + i).toList();
    }

    private void awaitLines(InstanceRef instance, int count) {
        host.await(count + " lines of " + instance, () -> host.count(instance) >= count);
    }

    private void drain(InstanceRef instance) {
        tails.drain(instance);
        host.await("drained", () -> tails.drained(instance));
    }
}
