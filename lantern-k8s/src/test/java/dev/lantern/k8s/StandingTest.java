package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.gate.BaselinePart;
import dev.lantern.k8s.BaselineCheck.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final NamespaceBaseline BASELINE = Clusters.baseline("agents");

    @Test
    void part_that_stands_is_present() {
        assertThat(new Standing(BASELINE)
                        .with("NetworkPolicy", shipped("NetworkPolicy", NamespaceBaseline.DENY_ALL))
                        .parts(Part.DENY_ALL))
                .containsExactly(BaselinePart.present("NetworkPolicy lantern-deny-all"));
    }

    @Test
    void part_that_is_missing_names_the_file_that_has_it() {
        assertThat(new Standing(BASELINE).parts(Part.NAMESPACE, Part.QUOTA, Part.POD_POLICY, Part.POD_POLICY_BINDING))
                .containsExactly(
                        BaselinePart.missing("Namespace agents", "deploy/kubernetes/namespace.yaml has it"),
                        BaselinePart.missing("ResourceQuota lantern-agents", "deploy/kubernetes/namespace.yaml has it"),
                        BaselinePart.missing(
                                "ValidatingAdmissionPolicy lantern-pods",
                                "deploy/kubernetes/admission-policies.yaml has it"),
                        BaselinePart.missing(
                                "ValidatingAdmissionPolicyBinding lantern-pods",
                                "deploy/kubernetes/admission-policies.yaml has it"));
    }

    @Test
    void part_that_was_changed_shows_three_differences_and_counts_the_others() {
        JsonObject namespace = shipped("Namespace", "agents");
        JsonObject labels = namespace.getAsJsonObject("metadata").getAsJsonObject("labels");
        labels.addProperty("lantern.dev/agents", "false");
        labels.addProperty("pod-security.kubernetes.io/enforce", "baseline");
        labels.remove("pod-security.kubernetes.io/warn");
        String three = "/metadata/labels/lantern.dev~1agents: expected \"true\", found \"false\";"
                + " /metadata/labels/pod-security.kubernetes.io~1enforce: expected \"restricted\", found \"baseline\";"
                + " /metadata/labels/pod-security.kubernetes.io~1warn: expected \"restricted\", found nothing";

        assertThat(new Standing(BASELINE).with("Namespace", namespace).parts(Part.NAMESPACE))
                .containsExactly(BaselinePart.changed("Namespace agents", three));

        labels.remove("pod-security.kubernetes.io/warn-version");
        assertThat(new Standing(BASELINE).with("Namespace", List.of(namespace)).parts(Part.NAMESPACE))
                .containsExactly(BaselinePart.changed("Namespace agents", three + "; 1 more"));
    }

    private static JsonObject shipped(String kind, String name) {
        return BASELINE.manifests().stream()
                .filter(manifest ->
                        manifest.kind().equals(kind) && manifest.name().equals(name))
                .map(manifest -> manifest.object().deepCopy())
                .findFirst()
                .orElseThrow();
    }
}
