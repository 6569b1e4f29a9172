package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.lantern.k8s.BaselineCheck.Finding;
import dev.lantern.k8s.BaselineCheck.Part;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BaselineCheckTest {
    private static final NamespaceBaseline BASELINE = Manifests.example();

    @Test
    void everything_holds_as_the_api_server_keeps_it() {
        assertThat(BaselineCheck.check(BASELINE, standing()))
                .hasSize(Part.values().length)
                .allMatch(Finding::holds)
                .extracting(Finding::part)
                .containsExactly(Part.values());
    }

    @Test
    void each_part_that_is_missing_is_named_and_no_other() {
        for (Part part : Part.values()) {
            Map<String, List<JsonObject>> objects = standing();
            objects.get(part.kind()).removeIf(object -> isOf(part, object));

            assertThat(BaselineCheck.check(BASELINE, objects))
                    .filteredOn(finding -> !finding.holds())
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.part()).isEqualTo(part);
                        assertThat(finding.found()).isFalse();
                        assertThat(finding.toString()).endsWith("is missing");
                    });
        }
        assertThat(BaselineCheck.check(BASELINE, Map.of())).noneMatch(Finding::holds);
    }

    @Test
    void each_part_that_was_weakened_is_found() {
        Map<String, Weakened> cases = new LinkedHashMap<>();
        cases.put(
                "policies not in force",
                new Weakened(Part.NAMESPACE, o -> labels(o).remove(Marks.AGENTS)));
        cases.put(
                "a weaker standard",
                new Weakened(
                        Part.NAMESPACE, o -> labels(o).addProperty("pod-security.kubernetes.io/enforce", "baseline")));
        cases.put(
                "the standard's version moved",
                new Weakened(
                        Part.NAMESPACE,
                        o -> labels(o).addProperty("pod-security.kubernetes.io/enforce-version", "latest")));
        cases.put(
                "being deleted",
                new Weakened(
                        Part.NAMESPACE, o -> metadata(o).addProperty("deletionTimestamp", "2026-01-01T00:00:00Z")));
        cases.put(
                "token mounted",
                new Weakened(Part.SERVICE_ACCOUNT, o -> o.addProperty("automountServiceAccountToken", true)));
        cases.put(
                "fence selects some pods",
                new Weakened(
                        Part.DENY_ALL,
                        o -> spec(o).add("podSelector", Persisted.json("{\"matchLabels\":{\"app\":\"x\"}}"))));
        cases.put(
                "fence is open outwards",
                new Weakened(
                        Part.DENY_ALL,
                        o -> spec(o).getAsJsonArray("policyTypes").remove(1)));
        cases.put(
                "fence lets everything in",
                new Weakened(Part.DENY_ALL, o -> spec(o).add("ingress", Tree.array(Tree.object()))));
        cases.put(
                "gateway on every port",
                new Weakened(
                        Part.GATEWAY,
                        o -> spec(o).getAsJsonArray("egress")
                                .get(0)
                                .getAsJsonObject()
                                .remove("ports")));
        cases.put(
                "way to DNS",
                new Weakened(
                        Part.GATEWAY,
                        o -> spec(o).getAsJsonArray("egress")
                                .add(Persisted.json("{\"ports\":[{\"protocol\":\"UDP\",\"port\":53}]}"))));
        cases.put(
                "way to every pod of the gateway's namespace",
                new Weakened(
                        Part.GATEWAY,
                        o -> spec(o).getAsJsonArray("egress")
                                .get(0)
                                .getAsJsonObject()
                                .getAsJsonArray("to")
                                .get(0)
                                .getAsJsonObject()
                                .remove("podSelector")));
        cases.put("no quota in the quota", new Weakened(Part.QUOTA, o -> spec(o).remove("hard")));
        cases.put(
                "quota for some pods",
                new Weakened(Part.QUOTA, o -> spec(o).add("scopes", Tree.strings("BestEffort"))));
        cases.put(
                "a rule removed",
                new Weakened(
                        Part.POD_POLICY,
                        o -> spec(o).getAsJsonArray("validations").remove(1)));
        cases.put(
                "a rule that is always true",
                new Weakened(
                        Part.POD_POLICY,
                        o -> spec(o).getAsJsonArray("validations")
                                .get(1)
                                .getAsJsonObject()
                                .addProperty("expression", "true")));
        cases.put(
                "failing means passing",
                new Weakened(Part.POD_POLICY, o -> spec(o).addProperty("failurePolicy", "Ignore")));
        cases.put(
                "a condition that skips it",
                new Weakened(
                        Part.POD_POLICY,
                        o -> spec(o).add(
                                        "matchConditions",
                                        Tree.array(Tree.object().put("name", "x")))));
        cases.put(
                "audited only",
                new Weakened(Part.POD_POLICY_BINDING, o -> spec(o).add("validationActions", Tree.strings("Audit"))));
        cases.put(
                "bound elsewhere",
                new Weakened(
                        Part.POD_POLICY_BINDING,
                        o -> spec(o).add("matchResources", Persisted.json("{\"namespaceSelector\":{}}"))));
        cases.put(
                "exec let in",
                new Weakened(
                        Part.SUBRESOURCE_POLICY,
                        o -> spec(o).getAsJsonObject("matchConstraints")
                                .getAsJsonArray("resourceRules")
                                .remove(0)));
        cases.put("unknown field", new Weakened(Part.DELETION_POLICY, o -> spec(o).addProperty("unheardOf", 1)));

        cases.forEach((name, weakened) -> {
            Map<String, List<JsonObject>> objects = standing();
            JsonObject object = objects.get(weakened.part().kind()).stream()
                    .filter(candidate -> isOf(weakened.part(), candidate))
                    .findFirst()
                    .orElseThrow();
            weakened.change().accept(object);

            assertThat(BaselineCheck.check(BASELINE, objects))
                    .as(name)
                    .filteredOn(finding -> !finding.holds())
                    .singleElement()
                    .satisfies(finding -> {
                        assertThat(finding.part()).isEqualTo(weakened.part());
                        assertThat(finding.differences()).isNotEmpty();
                        assertThat(finding.toString()).contains("was changed");
                    });
        });
    }

    @Test
    void what_an_operator_may_choose_is_no_difference() {
        Map<String, List<JsonObject>> objects = standing();
        objects.get("ResourceQuota")
                .get(0)
                .getAsJsonObject("spec")
                .getAsJsonObject("hard")
                .addProperty("pods", "7");
        objects.get("Namespace")
                .get(0)
                .getAsJsonObject("metadata")
                .getAsJsonObject("labels")
                .addProperty("team", "x");
        objects.get("ServiceAccount").get(0).add("secrets", new JsonArray());

        assertThat(BaselineCheck.check(BASELINE, objects)).allMatch(Finding::holds);
    }

    @Test
    void whose_namespace_it_is_is_another_question() {
        for (String tenant : List.of("acme", "")) {
            Map<String, List<JsonObject>> objects = standing();
            labels(objects.get("Namespace").get(0)).addProperty(Marks.TENANT, tenant);

            assertThat(BaselineCheck.check(BASELINE, objects)).allMatch(Finding::holds);
        }
    }

    @Test
    void objects_of_another_namespace_do_not_stand_in() {
        Map<String, List<JsonObject>> objects = standing();
        objects.get("NetworkPolicy").forEach(policy -> metadata(policy).addProperty("namespace", "other"));

        assertThat(BaselineCheck.check(BASELINE, objects))
                .filteredOn(finding -> !finding.found())
                .extracting(Finding::part)
                .containsExactly(Part.DENY_ALL, Part.GATEWAY);
    }

    @Test
    void baseline_without_a_gateway_is_refused() {
        assertThatThrownBy(() -> NamespaceBaseline.in("agents").yaml())
                .isInstanceOf(LanternException.class)
                .hasMessage("the baseline of agents names no gateway; use gatewayPods(…) or, for one outside of the"
                        + " cluster, gatewayAt(…)");
        assertThatThrownBy(() -> NamespaceBaseline.in("agents").gatewayPods("agents", Map.of("a", "b"), 1))
                .hasMessageContaining("in another namespace");
        assertThatThrownBy(() -> NamespaceBaseline.in("agents").gatewayPods("system", Map.of(), 1))
                .hasMessageContaining("have labels; found 0 labels");
        for (int port : List.of(0, 65536)) {
            assertThatThrownBy(() -> NamespaceBaseline.in("agents").gatewayAt("10.0.0.1/32", port))
                    .hasMessage("a port is from 1 to 65535, found " + port);
        }
        for (int port : List.of(1, 65535)) {
            NamespaceBaseline narrow = NamespaceBaseline.in("agents").gatewayAt("10.0.0.1/32", port);
            assertThat(narrow.yaml()).contains("port: " + port + "\n");
            assertThat(narrow.namespace()).isEqualTo("agents");
        }
        assertThatThrownBy(() -> NamespaceBaseline.in("Agents")).hasMessageContaining("found \"Agents\"");
        assertThatThrownBy(() -> NamespaceBaseline.in("agents").quota("limits.cpu", "1"))
                .hasMessageContaining("the harness has no such limit");
    }

    @Test
    void gateway_that_is_half_the_internet_is_refused() {
        for (String wide : List.of("0.0.0.0/0", "10.0.0.0/8", "10.1.2.0/23", "::/0", "fd00::/48", "10.1.2.3", "x/32")) {
            assertThatThrownBy(() -> NamespaceBaseline.in("agents").gatewayAt(wide, 7410))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("found \"" + wide + "\"");
        }
        for (String narrow : List.of("10.1.2.0/24", "10.1.2.3/32", "fd00::7/128", "fd00::/64")) {
            assertThat(NamespaceBaseline.in("agents").gatewayAt(narrow, 7410).yaml())
                    .contains("cidr: \"" + narrow + "\"");
        }
    }

    @Test
    void baseline_of_a_gateway_outside_names_its_addresses() {
        // tag::baseline[]
        String yaml = NamespaceBaseline.in("agents-acme")
                .gatewayAt("10.20.0.7/32", 7410)
                .quota("pods", "500")
                .yaml();
        // end::baseline[]

        List<JsonObject> documents = ManifestsTest.parsed(yaml);
        assertThat(documents).hasSize(5);
        assertThat(documents.toString())
                .contains("\"ipBlock\":{\"cidr\":\"10.20.0.7/32\"}", "\"pods\":\"500\"")
                .doesNotContain("namespaceSelector");
        assertThat(NamespaceBaseline.in("agents-acme")
                        .gatewayAt("10.20.0.7/32", 7410)
                        .quota("pods", "500"))
                .hasToString("NamespaceBaseline[agents-acme, port 7410]")
                .satisfies(again -> assertThat(again.yaml()).isEqualTo(yaml));
    }

    private record Weakened(Part part, Consumer<JsonObject> change) {}

    /** All that stands, as it comes back from the API server, and a stranger beside it. */
    private static Map<String, List<JsonObject>> standing() {
        Map<String, List<JsonObject>> objects = new LinkedHashMap<>();
        List<Manifest> manifests = new ArrayList<>(BASELINE.manifests());
        manifests.addAll(AdmissionPolicies.all());
        for (Manifest manifest : manifests) {
            JsonObject object = manifest.object().deepCopy();
            metadata(object).addProperty("uid", "9da050cd-2716-46d5-a472-6f2c9607c675");
            metadata(object).addProperty("resourceVersion", "1");
            metadata(object).addProperty("creationTimestamp", "2026-01-01T00:00:00Z");
            if (manifest.kind().equals("Namespace")) {
                object.add("spec", Persisted.json("{\"finalizers\":[\"kubernetes\"]}"));
                labels(object).addProperty("kubernetes.io/metadata.name", manifest.name());
            }
            if (!manifest.kind().endsWith("Binding") && !manifest.kind().equals("ServiceAccount")) {
                object.add("status", new JsonObject());
            }
            object.remove("kind");
            object.remove("apiVersion");
            objects.computeIfAbsent(manifest.kind(), kind -> new ArrayList<>()).add(object);
        }
        objects.get("NetworkPolicy").add(0, Persisted.json("{\"metadata\":{\"name\":\"other\"}}"));
        return objects;
    }

    private static boolean isOf(Part part, JsonObject object) {
        return part.objectName().isEmpty()
                || part.objectName().equals(metadata(object).get("name").getAsString());
    }

    private static JsonObject metadata(JsonObject object) {
        return object.getAsJsonObject("metadata");
    }

    private static JsonObject labels(JsonObject object) {
        return metadata(object).getAsJsonObject("labels");
    }

    private static JsonObject spec(JsonObject object) {
        return object.getAsJsonObject("spec");
    }
}
