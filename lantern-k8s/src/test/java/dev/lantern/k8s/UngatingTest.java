package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.lantern.value.LanternException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UngatingTest {

    @Test
    void patch_takes_the_gate_off_and_names_each_node_in_a_term_of_its_own() {
        assertThat(new Ungating("17", List.of("node-a", "node-b")).patch()).hasToString("""
                {"metadata":{"resourceVersion":"17"},"spec":{"schedulingGates":[],"affinity":{"nodeAffinity":{\
                "requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[\
                {"matchFields":[{"key":"metadata.name","operator":"In","values":["node-a"]}]},\
                {"matchFields":[{"key":"metadata.name","operator":"In","values":["node-b"]}]}]}}}}}""");
    }

    @Test
    void what_is_expected_is_what_a_merge_patch_makes_of_the_pod() {
        for (PodRequest request : Requests.all().values()) {
            JsonObject pod = JobTemplate.podOf(JobTemplate.of(request));
            JsonObject before = pod.deepCopy();
            JsonObject merged = pod.deepCopy();
            Persisted.merge(merged, Persisted.UNGATING.patch());
            merged.getAsJsonObject("metadata").remove("resourceVersion");
            merged.getAsJsonObject("spec").remove("schedulingGates");

            assertThat(Persisted.UNGATING.appliedTo(pod)).isEqualTo(merged);
            assertThat(pod).as("left as it was").isEqualTo(before);
        }
    }

    @Test
    void anti_affinity_and_preferred_regions_stay() {
        String hostile = Persisted.UNGATING
                .appliedTo(JobTemplate.podOf(JobTemplate.of(Requests.hostile())))
                .toString();

        assertThat(hostile).contains("podAntiAffinity", "nodeSelectorTerms");
    }

    @Test
    void pod_is_let_go_to_some_nodes_but_not_to_too_many() {
        List<String> many = IntStream.range(0, 65).mapToObj(i -> "node-" + i).toList();

        assertThat(new Ungating("1", many.subList(0, 64)).nodes()).hasSize(64);
        assertThatThrownBy(() -> new Ungating("1", many))
                .isInstanceOf(LanternException.class)
                .hasMessage("a pod is let go to 1 to 64 verified nodes, found 65");
        assertThatThrownBy(() -> new Ungating("1", List.of())).hasMessageContaining("found 0");
        assertThatThrownBy(() -> new Ungating("1", List.of("a", "a"))).hasMessageContaining("stands twice");
        assertThatThrownBy(() -> new Ungating("", List.of("a"))).hasMessageContaining("there is none");
    }
}
