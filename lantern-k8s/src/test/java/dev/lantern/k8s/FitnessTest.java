package dev.lantern.k8s;

import static dev.lantern.k8s.Clusters.facts;
import static dev.lantern.k8s.Clusters.seen;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.testkit.kubernetes.FakeKubernetes;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FitnessTest {
    private FakeKubernetes kubernetes;

    @BeforeEach
    void start() {
        kubernetes = FakeKubernetes.start();
        kubernetes.addNode("n1");
    }

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    @Test
    void node_that_is_well_is_fit() {
        assertThat(unfit()).isEmpty();
    }

    @Test
    void cordoned_node_is_unfit() {
        change(node -> ((ObjectNode) node.get("spec")).put("unschedulable", true));

        assertThat(unfit()).containsExactly("cordoned");
    }

    @Test
    void lost_node_is_unfit() {
        kubernetes.node("n1").lose();
        kubernetes.advance(Duration.ofMinutes(1));

        assertThat(unfit()).containsExactly("not ready (Unknown, NodeStatusUnknown)");
    }

    @Test
    void node_that_says_that_it_is_not_ready_is_unfit() {
        condition("Ready", "False", "KubeletNotReady");

        assertThat(unfit()).containsExactly("not ready (False, KubeletNotReady)");
    }

    @Test
    void node_that_does_not_say_whether_it_is_ready_is_unfit() {
        change(node -> ((ObjectNode) node.get("status")).remove("conditions"));

        assertThat(unfit()).containsExactly("not ready (it does not say whether it is)");
    }

    @Test
    void node_that_is_short_of_something_is_unfit() {
        condition("MemoryPressure", "True", "KubeletHasInsufficientMemory");
        condition("DiskPressure", "True", "KubeletHasDiskPressure");
        condition("PIDPressure", "True", "KubeletHasInsufficientPID");
        condition("NetworkUnavailable", "True", "NoRouteCreated");

        assertThat(unfit())
                .containsExactly("short of memory", "short of disk", "short of process ids", "without a network");
    }

    @Test
    void pressure_that_is_unknown_is_none_and_conditions_of_others_do_not_count() {
        condition("MemoryPressure", "Unknown", "NodeStatusUnknown");
        condition("FrequentKubeletRestart", "True", "FrequentKubeletRestart");

        assertThat(unfit()).isEmpty();
    }

    @Test
    void node_that_is_being_deleted_is_unfit() {
        change(node -> ((ObjectNode) node.get("metadata"))
                .put("deletionTimestamp", "2026-01-01T00:00:00Z")
                .putArray("finalizers")
                .add("example.com/somebody-still-needs-it"));

        assertThat(unfit()).containsExactly("being deleted");
    }

    @Test
    void node_of_another_system_is_unfit() {
        change(node -> ((ObjectNode) node.at("/status/nodeInfo")).put("operatingSystem", "windows"));

        assertThat(unfit()).containsExactly("a machine with windows");
    }

    @Test
    void node_without_a_boot_id_is_unfit_because_it_could_not_be_recognised() {
        change(node -> ((ObjectNode) node.at("/status/nodeInfo")).remove("bootID"));

        assertThat(unfit()).containsExactly("silent about its boot id");
    }

    private List<String> unfit() {
        return seen(facts(kubernetes).nodes()).get(0).unfit();
    }

    private void change(Consumer<ObjectNode> change) {
        kubernetes.node("n1").change(change);
    }

    private void condition(String type, String status, String reason) {
        change(node -> {
            for (JsonNode condition : node.at("/status/conditions")) {
                if (condition.path("type").asText().equals(type)) {
                    ((ObjectNode) condition).put("status", status).put("reason", reason);
                    return;
                }
            }
            ((ObjectNode) node.get("status"))
                    .withArray("conditions")
                    .addObject()
                    .put("type", type)
                    .put("status", status)
                    .put("reason", reason);
        });
    }
}
