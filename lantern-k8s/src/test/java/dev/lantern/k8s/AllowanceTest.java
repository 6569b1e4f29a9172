package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import dev.lantern.k8s.Allowance.Scene;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final Scene BOUND = new Scene(true, "ln-x", "uid", true, List.of("node-a"));
    private static final Scene HELD = new Scene(true, "ln-x", "uid", false, List.of());
    private static final Scene JOB = new Scene(false, "ln-x", "uid", false, List.of());

    /** One difference that each of them admits, and in which scene. */
    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(Allowance.UID, HELD, "a", "metadata", "uid"),
            new Allowed(Allowance.NAME_OF_POD, HELD, "ln-x-12345", "metadata", "name"),
            new Allowed(Allowance.VERSION, HELD, "1", "metadata", "resourceVersion"),
            new Allowed(Allowance.VERSION, HELD, "1", "metadata", "generation"),
            new Allowed(Allowance.CREATION, HELD, "2026", "metadata", "creationTimestamp"),
            new Allowed(Allowance.MANAGED_FIELDS, HELD, "x", "metadata", "managedFields"),
            new Allowed(Allowance.FORMER_LABELS, HELD, "uid", "metadata", "labels", "controller-uid"),
            new Allowed(Allowance.FORMER_LABELS, HELD, "ln-x", "metadata", "labels", "job-name"),
            new Allowed(Allowance.FORMER_LABELS, JOB, "ln-x", "spec", "template", "metadata", "labels", "job-name"),
            new Allowed(Allowance.NODE, BOUND, "node-a", "spec", "nodeName"),
            new Allowed(Allowance.TOPOLOGY_OF_NODE, BOUND, "z", "metadata", "labels", "topology.kubernetes.io/zone"),
            new Allowed(
                    Allowance.NETWORK_STATUS,
                    BOUND,
                    "10.1.2.3",
                    "metadata",
                    "annotations",
                    "cni.projectcalico.org/podIP"),
            new Allowed(Allowance.STATUS, HELD, "x", "status"));

    private record Allowed(Allowance by, Scene scene, String value, List<String> path) {
        Allowed(Allowance by, Scene scene, String value, String... path) {
            this(by, scene, value, List.of(path));
        }

        Delta added() {
            return new Delta(path, Optional.empty(), Optional.of(new JsonPrimitive(value)));
        }

        Delta changed() {
            return new Delta(path, Optional.of(new JsonPrimitive("ours")), Optional.of(new JsonPrimitive(value)));
        }

        Delta deeper() {
            return new Delta(
                    List.of("spec", path.get(0), path.get(path.size() - 1)),
                    Optional.empty(),
                    Optional.of(new JsonPrimitive(value)));
        }
    }

    @Test
    void each_admits_what_was_added_in_its_place_and_nothing_that_was_ours() {
        Set<Allowance> seen = EnumSet.of(Allowance.KIND_IN_A_LIST, Allowance.FINALIZER);
        for (Allowed allowed : ALLOWED) {
            assertThat(Allowance.of(allowed.added(), allowed.scene())).contains(allowed.by());
            assertThat(Allowance.of(allowed.changed(), allowed.scene()))
                    .as("%s, changed", allowed)
                    .isEmpty();
            assertThat(Allowance.of(allowed.deeper(), allowed.scene()))
                    .as("%s, elsewhere", allowed)
                    .isEmpty();
            seen.add(allowed.by());
        }
        assertThat(seen).containsExactly(Allowance.values());
    }

    @Test
    void kind_and_version_may_be_missing_and_may_not_be_others() {
        for (String name : List.of("kind", "apiVersion")) {
            assertThat(Allowance.of(delta("Pod", null, name), HELD)).contains(Allowance.KIND_IN_A_LIST);
            assertThat(Allowance.of(delta("Pod", "Job", name), HELD)).isEmpty();
            assertThat(Allowance.of(delta("Pod", null, "spec", name), HELD)).isEmpty();
        }
    }

    @Test
    void finalizer_is_the_one_of_jobs_alone() {
        assertThat(Allowance.of(finalizers("batch.kubernetes.io/job-tracking"), HELD))
                .contains(Allowance.FINALIZER);
        assertThat(Allowance.of(finalizers("batch.kubernetes.io/job-tracking"), JOB))
                .isEmpty();
        assertThat(Allowance.of(finalizers("other"), HELD)).isEmpty();
        assertThat(Allowance.of(finalizers("batch.kubernetes.io/job-tracking", "other"), HELD))
                .isEmpty();
    }

    @Test
    void what_names_another_object_is_not_admitted() {
        assertThat(Allowance.of(delta(null, "ln-y-12345", "metadata", "name"), HELD))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "ln-x-12345", "metadata", "name"), JOB))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "other", "metadata", "labels", "controller-uid"), HELD))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "other", "metadata", "labels", "job-name"), HELD))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "ln-x", "metadata", "labels", "job-name"), JOB))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "ln-x", "metadata", "labels", "controller-uid"), HELD))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "ln-x", "spec", "template", "metadata", "labels", "job-name"), HELD))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "node-b", "spec", "nodeName"), BOUND))
                .isEmpty();
    }

    @Test
    void what_a_node_brings_is_not_admitted_before_a_node_has_the_pod() {
        assertThat(Allowance.of(delta(null, "node-a", "spec", "nodeName"), HELD))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "z", "metadata", "labels", "topology.kubernetes.io/zone"), HELD))
                .isEmpty();
        assertThat(Allowance.of(delta(null, "1", "metadata", "annotations", "cni.projectcalico.org/podIP"), HELD))
                .isEmpty();
    }

    @Test
    void date_of_a_template_is_null_or_a_difference() {
        List<String> path = List.of("spec", "template", "metadata", "creationTimestamp");
        Delta nothing = new Delta(path, Optional.empty(), Optional.of(JsonNull.INSTANCE));

        assertThat(Allowance.of(nothing, JOB)).contains(Allowance.CREATION);
        assertThat(Allowance.of(nothing, HELD)).isEmpty();
        assertThat(Allowance.of(new Delta(path, Optional.empty(), Optional.of(new JsonPrimitive("2026"))), JOB))
                .isEmpty();
    }

    private static Delta finalizers(String... names) {
        return new Delta(List.of("metadata", "finalizers"), Optional.empty(), Optional.of(Tree.strings(names)));
    }

    private static Delta delta(String expected, String found, String... path) {
        return new Delta(List.of(path), element(expected), element(found));
    }

    private static Optional<JsonElement> element(String text) {
        return Optional.ofNullable(text).map(JsonPrimitive::new);
    }
}
