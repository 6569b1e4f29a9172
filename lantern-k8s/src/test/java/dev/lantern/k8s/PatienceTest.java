package dev.lantern.k8s;

import static dev.lantern.k8s.Clusters.facts;
import static dev.lantern.k8s.Clusters.seen;
import static dev.lantern.k8s.Clusters.why;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.gate.ClusterFacts;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import dev.lantern.testkit.kubernetes.Fault;
import dev.lantern.testkit.kubernetes.Injection;
import dev.lantern.testkit.kubernetes.RequestMatcher;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a look takes, what is asked twice, and how it is given up. */
class PatienceTest {
    private static final RequestMatcher NODES =
            RequestMatcher.any().verb("list").resource("nodes");

    private FakeKubernetes kubernetes;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        Clusters.applyBaseline(kubernetes);
        kubernetes.addNode("n1");
    }

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    @Test
    void what_fails_in_passing_is_asked_once_more() {
        for (Fault fault : new Fault[] {
            Fault.tooManyRequests(), Fault.tooManyRequests(Duration.ofSeconds(1)), Fault.status(500), Fault.status(503)
        }) {
            kubernetes.forgetRequests();
            kubernetes.inject(NODES, fault, 1);

            assertThat(seen(facts(kubernetes).nodes())).hasSize(1);
            assertThat(kubernetes.count(NODES)).isEqualTo(2);
        }
    }

    @Test
    void what_fails_twice_is_not_asked_a_third_time() {
        kubernetes.inject(NODES, Fault.status(503));

        assertThat(why(facts(kubernetes).nodes())).startsWith("the API server failed (503: a fault of the test: 503)");
        assertThat(kubernetes.count(NODES)).isEqualTo(2);
    }

    @Test
    void what_is_refused_is_not_asked_again() {
        kubernetes.inject(NODES, Fault.status(403));

        assertThat(why(facts(kubernetes).nodes())).startsWith("this host may not ask");
        assertThat(kubernetes.count(NODES)).isEqualTo(1);
    }

    @Test
    void server_that_wants_to_be_asked_after_the_deadline_is_not_waited_for() {
        kubernetes.inject(NODES, Fault.tooManyRequests(Duration.ofDays(1)));

        assertThat(why(facts(kubernetes).nodes()))
                .isEqualTo(
                        "the API server is overloaded (429: Too many requests, please try again later.; it wants to be"
                                + " asked again in 86400 s); ask later, and if it stays so, give this host's user a FlowSchema of"
                                + " its own");
        assertThat(kubernetes.count(NODES)).isEqualTo(1);
    }

    @Test
    void question_that_hangs_is_untold_and_costs_no_other_its_answer() {
        FactFinder finder = Clusters.finder(kubernetes);
        finder.facts("acme", Clusters.PATIENCE);
        kubernetes.inject(NODES, Fault.hold());

        ClusterFacts facts = finder.facts("acme", Duration.ofSeconds(5));

        assertThat(why(facts.nodes()))
                .isEqualTo(
                        "no answer within 5000 ms; see whether the API server is healthy and can be reached from this"
                                + " host");
        assertThat(seen(facts.apiServer()).version()).isEqualTo("v1.36.0");
        assertThat(seen(facts.runtimeClasses())).isEmpty();
        assertThat(seen(facts.namespace()).name()).isEqualTo("lantern-acme");
        assertThat(seen(facts.fence()).widening()).isEmpty();
        assertThat(seen(facts.admission()).holds()).isTrue();
    }

    @Test
    void answer_that_stalls_half_way_is_untold() {
        kubernetes.inject(NODES, Fault.stallAfter(100));

        assertThat(why(Clusters.finder(kubernetes)
                        .facts("acme", Duration.ofMillis(500))
                        .nodes()))
                .startsWith("no answer within 500 ms");
    }

    @Test
    void look_without_any_time_tells_nothing() {
        ClusterFacts facts = Clusters.finder(kubernetes).facts("acme", Duration.ZERO);

        assertThat(why(facts.nodes())).startsWith("no answer within 0 ms");
        assertThat(why(facts.apiServer())).startsWith("no answer within 0 ms");
        assertThat(why(facts.fence())).startsWith("no answer within 0 ms");
    }

    @Test
    void interrupted_look_is_given_up_at_once() throws Exception {
        Injection held = kubernetes.inject(NODES, Fault.hold());
        FactFinder finder = Clusters.finder(kubernetes);
        FutureTask<Boolean> look = new FutureTask<>(() -> {
            assertThatThrownBy(() -> finder.facts("acme", Duration.ofDays(1)))
                    .isInstanceOf(LanternException.class)
                    .hasMessage("asking the API server " + kubernetes.url() + ": gave up, the thread was interrupted");
            return Thread.currentThread().isInterrupted();
        });
        Thread thread = new Thread(look, "look");
        thread.start();
        held.awaitHit();

        thread.interrupt();

        assertThat(look.get(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void fact_is_as_old_as_the_moment_before_its_question_whenever_the_answer_comes() throws Exception {
        Injection held = kubernetes.inject(NODES, Fault.hold(), 1);
        Instant before = kubernetes.clock().instant();
        FutureTask<ClusterFacts> look = new FutureTask<>(() -> facts(kubernetes));
        new Thread(look, "look").start();
        held.awaitHit();

        kubernetes.advance(Duration.ofSeconds(90));
        held.release();

        assertThat(look.get(1, TimeUnit.MINUTES).nodes().at()).isEqualTo(before);
    }

    @Test
    void further_parts_of_a_list_do_not_make_it_younger() throws Exception {
        kubernetes.addNode("n2");
        kubernetes.addNode("n3");
        Injection held = kubernetes.inject(NODES.query("continue="), Fault.hold(), 1);
        kubernetes.inject(NODES, Fault.page(1));
        Instant before = kubernetes.clock().instant();
        FutureTask<ClusterFacts> look = new FutureTask<>(() -> facts(kubernetes));
        new Thread(look, "look").start();
        held.awaitHit();

        kubernetes.advance(Duration.ofSeconds(1));
        held.release();

        ClusterFacts facts = look.get(1, TimeUnit.MINUTES);
        assertThat(seen(facts.nodes())).hasSize(3);
        assertThat(facts.nodes().at())
                .as("the last part was asked for a second later")
                .isEqualTo(before);
    }
}
