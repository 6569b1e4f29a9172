package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.testkit.kubernetes.SeenRequest;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Starts and stops, with everything that can happen to each of their calls, and with other hosts between any two of
 * them. Whatever happens, one pod runs in the end and it is the one that was asked for, or nothing stands.
 */
class LaunchFaultsTest {
    /** Dry run, creation, two looks at the pod, the patch. */
    private static final int CALLS_OF_A_START = 5;

    /** Job and pods, the deletion, Job and pods. */
    private static final int CALLS_OF_A_STOP = 5;

    private final LaunchSite site = new LaunchSite();
    private int epoch;

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void one_failure_at_any_call_is_survived_by_the_start_itself() {
        int cases = 0;
        for (Meddler.Kind kind : Meddler.Kind.values()) {
            for (int call = 0; call < CALLS_OF_A_START; call++) {
                InstanceRef instance = LaunchSite.instance(++epoch);
                Meddler meddler = Meddler.once(call, kind);

                site.host(meddler).launch().start(site.start(epoch), LaunchSite.PATIENCE);

                assertThat(meddler.calls()).isGreaterThanOrEqualTo(CALLS_OF_A_START);
                assertOneRuns(instance, kind + " at call " + call);
                cases++;
            }
        }
        assertThat(site.ledger.ends).isEmpty();
        assertThat(cases).isEqualTo(25);
    }

    @Test
    void host_that_dies_at_any_call_is_followed_by_another_that_starts_or_stops() {
        int cases = 0;
        for (int call = 0; call < CALLS_OF_A_START; call++) {
            for (boolean firstArrives : new boolean[] {false, true}) {
                for (boolean starts : new boolean[] {true, false}) {
                    InstanceRef instance = LaunchSite.instance(++epoch);
                    String what = "death at call " + call + (firstArrives ? ", which arrives" : "");
                    Meddler death = Meddler.death(call, firstArrives);
                    Meddler.dies(what, () -> site.host(death).launch().start(site.start(epoch), LaunchSite.PATIENCE));
                    assertThat(death.calls()).as(what).isEqualTo(call + 1);
                    assertThat(site.pods(instance)).as(what).allMatch(this::isHeldOrSame);

                    LaunchSite.Host next = site.host();
                    if (starts) {
                        site.ledger.clear();
                        next.launch().start(site.start(epoch), LaunchSite.PATIENCE);
                        assertOneRuns(instance, what);
                        assertThat(site.ledger.ends).as(what).isEmpty();
                        assertThat(site.ledger.verified).as(what).isNotEmpty();
                        assertThat(next.eyes().expected).as(what).hasSize(1);
                    }
                    stopped(next, instance, what);
                    cases++;
                }
            }
        }
        assertThat(site.ledger.ends).isEmpty();
        assertThat(cases).isEqualTo(20);
    }

    @Test
    void other_host_that_starts_or_stops_between_any_two_calls_harms_nothing() {
        int cases = 0;
        for (int call = 0; call < CALLS_OF_A_START; call++) {
            for (boolean starts : new boolean[] {true, false}) {
                InstanceRef instance = LaunchSite.instance(++epoch);
                String what = (starts ? "a start" : "a stop") + " before call " + call;
                LaunchSite.Host other = site.host();
                Meddler between = Meddler.before(call, () -> {
                    if (starts) {
                        other.launch().start(site.start(epoch), LaunchSite.PATIENCE);
                    } else {
                        other.teardown().stop(instance, LaunchSite.PATIENCE);
                    }
                });

                site.host(between).launch().start(site.start(epoch), LaunchSite.PATIENCE);

                if (starts) {
                    assertOneRuns(instance, what);
                    assertThat(site.ledger.ends).as(what).isEmpty();
                } else {
                    assertThat(site.pods(instance)).as(what).hasSizeLessThan(2).allMatch(this::isSame);
                    assertThat(site.ledger.ends).as(what).allMatch(InstanceEnd.StartFailed.class::isInstance);
                    site.ledger.clear();
                }
                stopped(other, instance, what);
                cases++;
            }
        }
        assertThat(cases).isEqualTo(10);
    }

    @Test
    void hosts_that_start_at_once_start_one_pod() throws Exception {
        for (int round = 0; round < 10; round++) {
            InstanceRef instance = LaunchSite.instance(++epoch);
            CountDownLatch go = new CountDownLatch(1);
            List<FutureTask<Boolean>> hosts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                LaunchSite.Host host = site.host();
                FutureTask<Boolean> task = new FutureTask<>(() -> {
                    go.await();
                    host.launch().start(site.start(epoch), LaunchSite.PATIENCE);
                    return true;
                });
                hosts.add(task);
                new Thread(task).start();
            }
            go.countDown();
            for (FutureTask<Boolean> host : hosts) {
                assertThat(host.get(1, TimeUnit.MINUTES)).isTrue();
            }
            assertOneRuns(instance, "round " + round);
        }
        assertThat(site.ledger.ends).isEmpty();
    }

    @Test
    void request_that_arrives_after_its_host_gave_up_and_all_was_stopped_starts_nothing() {
        for (String late : List.of("create", "patch")) {
            InstanceRef instance = LaunchSite.instance(++epoch);
            RequestMatcher requests =
                    RequestMatcher.any().verb(late).resource(late.equals("create") ? "jobs.batch" : "pods");
            Injection[] held = new Injection[1];
            Thread host = Thread.currentThread();
            Meddler holding = Meddler.before(late.equals("create") ? 1 : 4, () -> {
                held[0] = site.kubernetes.inject(requests, Fault.hold(), 1);
                new Thread(() -> {
                            held[0].awaitHit();
                            host.interrupt();
                        })
                        .start();
            });
            Meddler.dies(late, () -> site.host(holding).launch().start(site.start(epoch), LaunchSite.PATIENCE));
            LaunchSite.Host next = site.host();
            stopped(next, instance, late);

            held[0].release();

            assertThat(site.pods(instance)).as(late).allMatch(LaunchSite::isHeld);
            stopped(next, instance, late);
        }
        assertThat(site.ledger.ends).isEmpty();
    }

    @Test
    void one_failure_at_any_call_of_a_stop_leaves_nothing_that_the_next_one_does_not_find() {
        int cases = 0;
        for (Meddler.Kind kind : Meddler.Kind.values()) {
            for (int call = 0; call < CALLS_OF_A_STOP; call++) {
                InstanceRef instance = started();
                Meddler meddler = Meddler.once(call, kind);

                boolean gone = site.host(meddler).teardown().stop(instance, LaunchSite.PATIENCE);

                assertThat(meddler.calls()).isGreaterThanOrEqualTo(CALLS_OF_A_STOP);
                assertThat(gone).as(kind + " at call " + call).isTrue();
                assertThat(site.isGone(instance)).isTrue();
                cases++;
            }
        }
        assertThat(cases).isEqualTo(25);
    }

    @Test
    void host_that_dies_while_it_stops_is_followed_by_another() {
        int cases = 0;
        for (int call = 0; call < CALLS_OF_A_STOP; call++) {
            for (boolean firstArrives : new boolean[] {false, true}) {
                InstanceRef instance = started();
                LaunchSite.Host dying = site.host(Meddler.death(call, firstArrives));
                Meddler.dies("at call " + call, () -> dying.teardown().stop(instance, LaunchSite.PATIENCE));

                stopped(site.host(), instance, "death at call " + call);
                cases++;
            }
        }
        assertThat(cases).isEqualTo(10);
    }

    @Test
    void pod_that_changes_while_it_is_compared_is_compared_again() {
        InstanceRef instance = LaunchSite.instance(++epoch);
        Meddler nudge = Meddler.before(4, () -> site.pods(instance).get(0).waits("harness", "ContainerCreating", ""));

        site.host(nudge).launch().start(site.start(epoch), LaunchSite.PATIENCE);

        assertThat(nudge.calls()).as("the patch, another look, another patch").isEqualTo(7);
        assertOneRuns(instance, "nudged");
    }

    @Test
    void pod_that_does_not_stop_changing_is_not_let_go() {
        InstanceRef instance = LaunchSite.instance(++epoch);
        int[] changes = new int[1];
        Interceptor nagging = chain -> {
            if (chain.request().method().equals("PATCH")) {
                site.pods(instance).get(0).waits("harness", "ContainerCreating", "again: " + ++changes[0]);
            }
            return chain.proceed(chain.request());
        };

        assertThatThrownBy(() -> site.host(nagging).launch().start(site.start(epoch), LaunchSite.PATIENCE))
                .isInstanceOf(LanternException.class)
                .hasMessageMatching(
                        "pod lantern-acme/ln-\\S+ of acme/ticket-4711@1 was changed 5 times while it was compared; .*");

        assertThat(site.pods(instance)).allMatch(LaunchSite::isHeld);
    }

    @Test
    void pod_whose_image_changes_between_comparison_and_patch_is_not_let_go() {
        InstanceRef instance = LaunchSite.instance(++epoch);
        Meddler evil = Meddler.before(4, () -> patchPod(instance, """
                {"metadata": {"resourceVersion": "%s"}, "spec": {"containers": [%s]}}"""));

        site.host(evil).launch().start(site.start(epoch), LaunchSite.PATIENCE);

        assertThat(site.ledger.ends).singleElement().isInstanceOfSatisfying(InstanceEnd.Violated.class, violated -> {
            assertThat(violated.violations()).extracting(Violation::code).containsExactly("pod-image");
            assertThat(violated.violations().get(0).path()).isEqualTo("/spec/containers/0/image");
        });
        assertThat(site.isGone(instance)).isTrue();
        assertThat(site.kubernetes.requests().stream().filter(this::isDelete)).hasSize(1);
    }

    private boolean isDelete(SeenRequest request) {
        return request.verb().equals("delete");
    }

    /** As somebody with an administrator's rights does. */
    private void patchPod(InstanceRef instance, String patch) {
        FakePod pod = site.pods(instance).get(0);
        ObjectNode agent = pod.json().path("spec").path("containers").get(0).deepCopy();
        agent.put("image", "evil.example.com/x@sha256:" + "6".repeat(64));
        String version = pod.json().path("metadata").path("resourceVersion").asText();
        Result result = new Calls(site.server(), site.kubernetes.clock(), new Random(1))
                .change(
                        Change.patch(
                                Paths.pods(LaunchSite.NAMESPACE),
                                pod.name(),
                                Persisted.json(patch.formatted(version, agent)),
                                Rule.namespace(LaunchSite.NAMESPACE, "", "pods", "patch")),
                        LaunchSite.PATIENCE);
        assertThat(result).isInstanceOf(Done.class);
    }

    private InstanceRef started() {
        InstanceRef instance = LaunchSite.instance(++epoch);
        site.host().launch().start(site.start(epoch), LaunchSite.PATIENCE);
        return instance;
    }

    private void stopped(LaunchSite.Host host, InstanceRef instance, String what) {
        assertThat(host.teardown().stop(instance, LaunchSite.PATIENCE)).as(what).isTrue();
        site.kubernetes.settle();
        assertThat(site.isGone(instance)).as(what).isTrue();
    }

    private void assertOneRuns(InstanceRef instance, String what) {
        assertThat(site.pods(instance)).as(what).singleElement().satisfies(pod -> {
            assertThat(LaunchSite.isHeld(pod)).as(what).isFalse();
            assertThat(pod.node()).as(what).isEqualTo("sand");
            assertThat(isSame(pod)).as(what).isTrue();
        });
    }

    private boolean isHeldOrSame(FakePod pod) {
        return LaunchSite.isHeld(pod) || isSame(pod);
    }

    /** Compared once more, with a template that was made here. */
    private boolean isSame(FakePod pod) {
        String name =
                pod.json().path("metadata").path("labels").path(Marks.INSTANCE).asText();
        String uid = site.kubernetes
                .find("jobs.batch", LaunchSite.NAMESPACE, name)
                .orElseThrow()
                .path("metadata")
                .path("uid")
                .asText();
        int of = pod.json().path("metadata").path("labels").path(Marks.EPOCH).asInt();
        PodRequest request = site.requests("https://10.20.0.7:7410").of(site.start(of));
        assertThat(request.boundary().isolation()).isEqualTo(Isolation.UNTRUSTED);
        assertThat(request.boundary().kind()).isEqualTo(HandlerKind.GVISOR);
        return ExpectedPod.held(JobTemplate.of(request), uid, Priority.NONE)
                .letGo(new Ungating("any", List.of("sand")))
                .bound()
                .compare(Persisted.json(pod.json().toString()))
                .isEmpty();
    }
}
