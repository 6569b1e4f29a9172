package dev.lantern.core.gate;

import static dev.lantern.core.gate.ClusterFixture.node;
import static dev.lantern.core.gate.ClusterFixture.runtimeClass;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.Decision;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which of several boundaries is taken, and at which moment a fact stops to count. */
class BoundaryChoiceTest {
    private static final IsolationPolicy SAFE = IsolationPolicy.safeDefaults();
    private static final ClusterFixture BOTH = ClusterFixture.full()
            .withClasses(
                    runtimeClass("b-gvisor", "runsc"),
                    runtimeClass("a-kata", "kata-qemu"),
                    runtimeClass("a-gvisor", "runsc"))
            .withNodes(node("one", "", "runsc", "kata-qemu"));

    @Test
    void lighter_boundary_first_then_by_name() {
        assertThat(chosen(Isolation.UNTRUSTED, SAFE, BOTH)).contains("a-gvisor");
    }

    @Test
    void names_of_the_policy_come_in_the_order_of_the_policy() {
        assertThat(chosen(Isolation.UNTRUSTED, naming("a-kata", "b-gvisor", "a-gvisor"), BOTH))
                .contains("a-kata");
        assertThat(chosen(Isolation.UNTRUSTED, naming("b-gvisor", "a-gvisor", "a-kata"), BOTH))
                .contains("b-gvisor");
        assertThat(chosen(Isolation.UNTRUSTED, naming("missing", "a-kata"), BOTH))
                .contains("a-kata");
        assertThat(chosen(Isolation.UNTRUSTED, naming("a-kata"), BOTH.withNodes(node("one", "runsc"))))
                .as("another class would do, and is not named")
                .isEmpty();
    }

    @Test
    void next_boundary_is_taken_where_no_node_has_the_first() {
        assertThat(chosen(Isolation.UNTRUSTED, SAFE, BOTH.withNodes(node("one", "", "kata-qemu"))))
                .contains("a-kata");
    }

    @Test
    void class_that_the_policy_does_not_name_is_told_apart_from_one_that_is_too_weak() {
        assertThat(found(Isolation.UNTRUSTED, naming("mine"), BOTH))
                .startsWith(
                        "untrusted; the cluster has RuntimeClass b-gvisor with handler runsc, which is gVisor and is not"
                                + " named by the policy for this class; RuntimeClass a-kata with handler kata-qemu, which is Kata"
                                + " and is not named by the policy for this class;");
        assertThat(refused(Isolation.UNTRUSTED, naming("mine"), BOTH).allowed())
                .isEqualTo("for untrusted: gVisor or Kata, by RuntimeClass mine");
        assertThat(found(Isolation.HOSTILE, naming("mine"), BOTH.withClasses(runtimeClass("a", "runsc"))))
                .startsWith("hostile; the cluster has RuntimeClass a with handler runsc, which is gVisor; 1 node");
        assertThat(found(
                        Isolation.UNTRUSTED,
                        naming("b-gvisor"),
                        BOTH.withClasses(runtimeClass("b-gvisor", "runc"), runtimeClass("other", "strange"))))
                .startsWith("untrusted; the cluster has RuntimeClass b-gvisor with handler runc, which is runc;"
                        + " RuntimeClass other with handler strange, which is unknown to the policy and is not named by"
                        + " the policy for this class; 1 node looked at");
    }

    @Test
    void default_handler_is_taken_for_what_the_policy_says_it_is() {
        ClusterFixture none = BOTH.withClasses();
        assertThat(Gate.decide(PlainAgents.of(Isolation.TRUSTED), SAFE, none.facts(), ClusterFixture.NOW))
                .isInstanceOf(Decision.Admitted.class);
        assertThat(refused(Isolation.TRUSTED, SAFE.handler("", HandlerKind.GVISOR), none))
                .satisfies(violation -> {
                    assertThat(violation.code()).isEqualTo("boundary-missing");
                    assertThat(violation.allowed()).isEqualTo("for trusted: runc or gVisor or Kata");
                });
    }

    @Test
    void cluster_without_nodes_says_so() {
        assertThat(found(Isolation.UNTRUSTED, SAFE, BOTH.withNodes()))
                .startsWith(
                        "untrusted; 0 nodes looked at; RuntimeClass a-gvisor (handler runsc, gVisor): there is no node;");
        assertThat(found(Isolation.WASM, SAFE, BOTH.withNodes()))
                .contains("which is gVisor; 0 nodes looked at (GET /apis/node.k8s.io/v1/runtimeclasses,");
    }

    @Test
    void nothing_is_left_out_where_every_node_is_verified() {
        assertThat(Gate.decide(PlainAgents.of(Isolation.UNTRUSTED), SAFE, BOTH.facts(), ClusterFixture.NOW)
                        .evidence())
                .extracting(Evidence::found)
                .noneMatch(found -> found.startsWith("left out"))
                .contains("1 node of 1 verified: one (uid uid-one, boot boot-one)");
    }

    @Test
    void ten_are_named_and_the_eleventh_is_counted() {
        assertThat(Sentences.some(List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10"), ", "))
                .isEqualTo("1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
        assertThat(Sentences.some(List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"), ", "))
                .isEqualTo("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, and 1 more");
    }

    @Test
    void fact_counts_up_to_its_last_moment_and_from_its_first() {
        ClusterFixture full = ClusterFixture.full();
        Duration oldest = SAFE.maxFactAge().minusSeconds(2);
        Duration youngest = SAFE.maxClockSkew().plusSeconds(2).negated();

        for (Duration edge : List.of(oldest, youngest)) {
            Duration beyond = edge.isNegative() ? edge.minusMillis(1) : edge.plusMillis(1);
            assertThat(chosen(Isolation.HOSTILE, SAFE, full.nodes(ClusterFixture.aged(full.nodes(), edge))))
                    .contains("kata");
            assertThat(chosen(Isolation.HOSTILE, SAFE, full.nodes(ClusterFixture.aged(full.nodes(), beyond))))
                    .isEmpty();
            assertThat(stands(full.admission(ClusterFixture.aged(full.admission(), edge))))
                    .isTrue();
            assertThat(stands(full.admission(ClusterFixture.aged(full.admission(), beyond))))
                    .isFalse();
        }
    }

    private static boolean stands(ClusterFixture cluster) {
        return Gate.decide(PlainAgents.of(Isolation.UNTRUSTED), SAFE, cluster.facts(), ClusterFixture.NOW)
                .evidence()
                .stream()
                .anyMatch(evidence -> evidence.found().startsWith("admission policy: stands"));
    }

    private static IsolationPolicy naming(String... names) {
        return SAFE.runtimeClasses(Isolation.UNTRUSTED, List.of(names));
    }

    private static Optional<String> chosen(Isolation isolation, IsolationPolicy policy, ClusterFixture cluster) {
        return Gate.decide(PlainAgents.of(isolation), policy, cluster.facts(), ClusterFixture.NOW)
                        instanceof Decision.Admitted admitted
                ? admitted.placement()
                        .cluster()
                        .flatMap(Placement.InCluster::runtimeClass)
                        .map(RuntimeClassFact::name)
                : Optional.empty();
    }

    private static String found(Isolation isolation, IsolationPolicy policy, ClusterFixture cluster) {
        return refused(isolation, policy, cluster).found();
    }

    private static Violation refused(Isolation isolation, IsolationPolicy policy, ClusterFixture cluster) {
        Decision decision = Gate.decide(PlainAgents.of(isolation), policy, cluster.facts(), ClusterFixture.NOW);
        return ((Decision.Refused) decision).violations().get(0);
    }
}
