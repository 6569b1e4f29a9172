package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.Taint;
import dev.lantern.gate.Violation;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What may have become of a node between the gate's look and the pod's binding. */
class BoundNodeTest {
    private static final NodeId SAND = new NodeId("sand", "uid-1", "boot-1");
    private static final List<NodeFact.Handler> BOTH =
            List.of(new NodeFact.Handler("", false), new NodeFact.Handler("runsc", false));

    @Test
    void node_that_is_as_the_gate_saw_it_is_no_violation() {
        assertThat(codes(node(SAND, Optional.of(BOTH), List.of(), List.of()))).isEmpty();
    }

    @Test
    void handler_that_was_removed_since_is_missed() {
        NodeFact without = node(SAND, Optional.of(List.of(new NodeFact.Handler("", false))), List.of(), List.of());

        assertThat(violations(without)).singleElement().satisfies(violation -> {
            assertThat(violation.code()).isEqualTo("handler-missing");
            assertThat(violation.found()).isEqualTo("node sand lists its default");
            assertThat(violation.allowed()).isEqualTo("handler runsc of RuntimeClass gvisor");
        });
    }

    @Test
    void node_that_no_longer_tells_its_handlers_proves_nothing() {
        NodeFact silent = node(SAND, Optional.empty(), List.of(), List.of());

        assertThat(violations(silent)).extracting(Violation::found).containsExactly("node sand lists no handlers");
    }

    @Test
    void another_node_another_life_and_another_boot_are_told_apart() {
        assertThat(codes(node(new NodeId("plain", "uid-1", "boot-1"), Optional.of(BOTH), List.of(), List.of())))
                .containsExactly("node-not-admitted");
        assertThat(codes(node(new NodeId("sand", "uid-2", "boot-1"), Optional.of(BOTH), List.of(), List.of())))
                .containsExactly("node-changed");
        assertThat(codes(node(new NodeId("sand", "uid-1", "boot-2"), Optional.of(BOTH), List.of(), List.of())))
                .containsExactly("node-restarted");
    }

    @Test
    void taint_and_cordon_that_came_since_are_told_together() {
        NodeFact now = node(
                SAND,
                Optional.of(BOTH),
                List.of("cordoned"),
                List.of(
                        new Taint("team", "other", "NoSchedule"),
                        new Taint("soft", "", "PreferNoSchedule"),
                        new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule")));

        assertThat(violations(now)).singleElement().satisfies(violation -> {
            assertThat(violation.code()).isEqualTo("node-unfit");
            assertThat(violation.found())
                    .startsWith("node sand is cordoned; tainted with ")
                    .doesNotContain("soft");
        });
    }

    /** Nothing starts there, and if it stays so, the instance is lost. */
    @Test
    void node_that_is_not_ready_at_present_is_no_violation() {
        NodeFact now = node(SAND, Optional.of(BOTH), List.of(Fitness.NOT_READY + " (Unknown)"), List.of());

        assertThat(codes(now)).isEmpty();
        assertThat(BoundNode.isReady(now)).isFalse();
        assertThat(BoundNode.isReady(node(SAND, Optional.of(BOTH), List.of(), List.of())))
                .isTrue();
    }

    private static List<String> codes(NodeFact now) {
        return violations(now).stream().map(Violation::code).toList();
    }

    private static List<Violation> violations(NodeFact now) {
        RuntimeClassFact gvisor =
                new RuntimeClassFact("gvisor", "uid-of-gvisor", "runsc", Optional.empty(), new TreeMap<>());
        Placement.InCluster place = new Placement.InCluster(
                new Placement.NamespaceId("agents", "uid-of-namespace"), Optional.of(gvisor), List.of(SAND), false);
        return BoundNode.violations(place, List.of(), now);
    }

    private static NodeFact node(
            NodeId id, Optional<List<NodeFact.Handler>> handlers, List<String> unfit, List<Taint> taints) {
        return new NodeFact(
                id,
                new NodeFact.Versions("v1.36.2", "6.1", "containerd://2.1"),
                new TreeMap<>(),
                taints,
                unfit,
                handlers,
                new TreeMap<>());
    }
}
