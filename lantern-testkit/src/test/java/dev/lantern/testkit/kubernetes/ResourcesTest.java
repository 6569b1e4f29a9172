package dev.lantern.testkit.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lantern.testkit.kubernetes.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Create, read, change, delete: what a client reads back. */
class ResourcesTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private final FakeKubernetes kubernetes = FakeKubernetes.start();
    private final Client client = Client.of(kubernetes);

    @AfterEach
    void close() {
        kubernetes.close();
    }

    @Test
    void created_object_has_what_the_server_writes() {
        Answer created = client.post(MAPS, Manifests.configMap("one"));

        assertThat(created.code()).isEqualTo(201);
        JsonNode metadata = created.json().path("metadata");
        assertThat(metadata.path("uid").asText())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(metadata.path("creationTimestamp").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(metadata.path("namespace").asText()).isEqualTo("default");
        assertThat(metadata.path("managedFields").path(0).path("manager").asText())
                .isEqualTo("plain");
        assertThat(client.get(MAPS + "/one").json()).isEqualTo(created.json());
    }

    @Test
    void versions_rise_over_all_types() {
        long map = version(client.post(MAPS, Manifests.configMap("one")));
        long pod = version(client.post(PODS, Manifests.pod("one", "")));
        long changed = version(client.patch(MAPS + "/one", Client.MERGE, "{\"data\":{\"a\":\"c\"}}"));

        assertThat(List.of(map, pod, changed)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void name_is_generated_behind_its_prefix() {
        String json = Manifests.configMap("x").replace("\"name\"", "\"generateName\"");

        assertThat(client.post(MAPS, json).at("/metadata/name")).matches("x[bcdfghjklmnpqrstvwxz2456789]{5}");
    }

    @Test
    void absent_object_is_a_status_of_404() {
        Answer answer = client.get("/apis/batch/v1/namespaces/default/jobs/none");

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.json())
                .isEqualTo(
                        Client.json(
                                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                                        + "\"message\":\"jobs.batch \\\"none\\\" not found\",\"reason\":\"NotFound\","
                                        + "\"details\":{\"name\":\"none\",\"group\":\"batch\",\"kind\":\"jobs\"},\"code\":404}"));
    }

    @Test
    void taken_name_is_409_already_exists_in_a_dry_run_too() {
        client.post(MAPS, Manifests.configMap("one"));

        for (String query : List.of("", "?dryRun=All")) {
            Answer answer = client.post(MAPS + query, Manifests.configMap("one"));
            assertThat(answer.code()).isEqualTo(409);
            assertThat(answer.at("/reason")).isEqualTo("AlreadyExists");
            assertThat(answer.at("/message")).isEqualTo("configmaps \"one\" already exists");
        }
    }

    @Test
    void namespace_must_exist_and_must_be_the_one_of_the_path() {
        assertThat(client.post("/api/v1/namespaces/none/configmaps", Manifests.configMap("one"))
                        .at("/message"))
                .isEqualTo("namespaces \"none\" not found");
        String elsewhere = Manifests.configMap("one").replace("\"name\":", "\"namespace\":\"kube-system\",\"name\":");
        assertThat(client.post(MAPS, elsewhere).code()).isEqualTo(400);
    }

    @Test
    void name_that_is_no_dns_name_is_invalid() {
        Answer answer = client.post(MAPS, Manifests.configMap("No_Name"));

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.at("/details/causes/0/field")).isEqualTo("metadata.name");
    }

    @Test
    void dry_run_answers_as_if_and_stores_nothing() {
        Answer answer = client.post(PODS + "?dryRun=All", Manifests.pod("one", ""));

        assertThat(answer.code()).isEqualTo(201);
        assertThat(answer.at("/spec/schedulerName")).isEqualTo("default-scheduler");
        assertThat(client.get(PODS + "/one").code()).isEqualTo(404);
    }

    @Test
    void version_in_an_update_is_a_condition() {
        Answer first = client.post(MAPS, Manifests.configMap("one"));
        client.patch(MAPS + "/one", Client.MERGE, "{\"data\":{\"a\":\"theirs\"}}");

        Answer late = client.put(MAPS + "/one", first.text());

        assertThat(late.code()).isEqualTo(409);
        assertThat(late.at("/reason")).isEqualTo("Conflict");
        assertThat(late.at("/message"))
                .isEqualTo("Operation cannot be fulfilled on configmaps \"one\": the object has been modified; please"
                        + " apply your changes to the latest version and try again");
        assertThat(client.get(MAPS + "/one").at("/data/a")).isEqualTo("theirs");
    }

    @Test
    void version_in_a_merge_patch_is_a_condition() {
        String version = client.post(MAPS, Manifests.configMap("one")).at("/metadata/resourceVersion");
        String patch = "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"data\":{\"a\":\"mine\"}}";

        assertThat(client.patch(MAPS + "/one", Client.MERGE, patch).code()).isEqualTo(200);
        assertThat(client.patch(MAPS + "/one", Client.MERGE, patch.replace("mine", "late"))
                        .code())
                .isEqualTo(409);
        assertThat(client.get(MAPS + "/one").at("/data/a")).isEqualTo("mine");
    }

    @Test
    void merge_patch_removes_what_is_null() {
        client.post(MAPS, Manifests.configMap("one"));

        Answer patched = client.patch(MAPS + "/one", Client.MERGE, "{\"data\":{\"a\":null,\"c\":\"d\"}}");

        assertThat(patched.json().path("data")).isEqualTo(Client.json("{\"c\":\"d\"}"));
    }

    @Test
    void json_patch_applies_in_order_or_not_at_all() {
        client.post(MAPS, Manifests.configMap("one"));
        String type = "application/json-patch+json";

        Answer refused = client.patch(
                MAPS + "/one",
                type,
                "[{\"op\":\"add\",\"path\":\"/data/x\",\"value\":\"1\"},{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"z\"}]");
        Answer patched = client.patch(
                MAPS + "/one",
                type,
                "[{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"b\"},{\"op\":\"move\",\"from\":\"/data/a\",\"path\":\"/data/m~1n\"}"
                        + ",{\"op\":\"replace\",\"path\":\"/data/m~1n\",\"value\":\"c\"}]");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(patched.json().path("data")).isEqualTo(Client.json("{\"m/n\":\"c\"}"));
    }

    @Test
    void strategic_patch_is_taken_without_lists_and_refused_with_them() {
        client.post(PODS, Manifests.pod("one", ""));
        String type = "application/strategic-merge-patch+json";

        assertThat(client.patch(PODS + "/one", type, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                        .at("/metadata/labels/a"))
                .isEqualTo("b");
        assertThat(client.patch(
                                PODS + "/one",
                                type,
                                "{\"spec\":{\"containers\":[{\"name\":\"agent\",\"image\":\"x\"}]}}")
                        .code())
                .isEqualTo(415);
        assertThat(client.patch(PODS + "/one", "application/apply-patch+yaml", "a: b")
                        .code())
                .isEqualTo(415);
    }

    @Test
    void change_that_changes_nothing_makes_no_version() {
        Answer first = client.post(MAPS, Manifests.configMap("one"));

        Answer again = client.patch(MAPS + "/one", Client.MERGE, "{\"data\":{\"a\":\"b\"}}");

        assertThat(version(again)).isEqualTo(version(first));
    }

    @Test
    void status_is_changed_through_its_subresource_only() {
        client.post(PODS, Manifests.pod("one", ""));

        client.patch(PODS + "/one", Client.MERGE, "{\"status\":{\"phase\":\"Failed\"}}");
        assertThat(client.get(PODS + "/one").at("/status/phase")).isEqualTo("Pending");
        client.patch(
                PODS + "/one/status",
                Client.MERGE,
                "{\"status\":{\"phase\":\"Failed\"},\"spec\":{\"nodeName\":\"n\"}}");
        Answer now = client.get(PODS + "/one");
        assertThat(now.at("/status/phase")).isEqualTo("Failed");
        assertThat(now.json().path("spec").has("nodeName")).isFalse();
    }

    @Test
    void items_of_a_list_carry_no_kind_and_the_list_does() {
        client.post(MAPS, Manifests.configMap("one"));

        JsonNode list = client.get(MAPS).json();

        assertThat(list.path("kind").asText()).isEqualTo("ConfigMapList");
        assertThat(list.path("items").path(0).has("kind")).isFalse();
        assertThat(names(list)).containsExactly("kube-root-ca.crt", "one");
    }

    @Test
    void labels_select_in_every_notation() {
        client.post(
                MAPS,
                Manifests.configMap("one").replace("\"name\":", "\"labels\":{\"a\":\"1\",\"b\":\"x\"},\"name\":"));
        client.post(MAPS, Manifests.configMap("two").replace("\"name\":", "\"labels\":{\"a\":\"2\"},\"name\":"));

        assertThat(selected("a%3D1")).containsExactly("one");
        assertThat(selected("a%3D%3D1,b")).containsExactly("one");
        assertThat(selected("a%20in%20(1,2),!b")).containsExactly("two");
        assertThat(selected("a,a%20notin%20(1)")).containsExactly("two");
        assertThat(selected("a!%3D1")).containsExactly("kube-root-ca.crt", "two");
        assertThat(client.get(MAPS + "?labelSelector=a%20near%20b").code()).isEqualTo(400);
    }

    @Test
    void fields_select_and_unknown_ones_are_refused() {
        client.post(PODS, Manifests.pod("one", ""));
        client.post(PODS, Manifests.pod("two", "'nodeName':'n1'"));

        assertThat(names(client.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dn1")
                        .json()))
                .containsExactly("two");
        assertThat(names(client.get(PODS + "?fieldSelector=metadata.name%3Done,status.phase%3DPending")
                        .json()))
                .containsExactly("one");
        Answer refused = client.get(PODS + "?fieldSelector=spec.hostname%3Dx");
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.at("/message")).contains("field label not supported: spec.hostname");
    }

    @Test
    void pages_show_the_state_of_the_first_one() {
        List.of("a", "b", "c", "d").forEach(name -> client.post(MAPS, Manifests.configMap(name)));

        JsonNode first = client.get(MAPS + "?limit=2").json();
        client.delete(MAPS + "/c", "");
        client.post(MAPS, Manifests.configMap("bb"));
        JsonNode second =
                client.get(MAPS + "?limit=2&continue=" + continued(first)).json();
        JsonNode third =
                client.get(MAPS + "?limit=2&continue=" + continued(second)).json();

        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
        List<String> all = new ArrayList<>(names(first));
        all.addAll(names(second));
        all.addAll(names(third));
        assertThat(all).containsExactly("a", "b", "c", "d", "kube-root-ca.crt");
        assertThat(continued(third)).isEmpty();
        assertThat(second.at("/metadata/resourceVersion")).isEqualTo(first.at("/metadata/resourceVersion"));
    }

    @Test
    void page_behind_a_compaction_is_410_with_a_way_on() {
        List.of("a", "b", "c").forEach(name -> client.post(MAPS, Manifests.configMap(name)));
        JsonNode first = client.get(MAPS + "?limit=1").json();
        client.delete(MAPS + "/b", "");
        kubernetes.compact();

        Answer expired = client.get(MAPS + "?limit=5&continue=" + continued(first));

        assertThat(expired.code()).isEqualTo(410);
        assertThat(expired.at("/reason")).isEqualTo("Expired");
        JsonNode rest = client.get(MAPS + "?limit=5&continue=" + continued(expired.json()))
                .json();
        assertThat(names(rest)).containsExactly("c", "kube-root-ca.crt");
    }

    @Test
    void version_from_the_future_is_a_timeout_and_an_exact_old_one_is_read() {
        long first = version(client.post(MAPS, Manifests.configMap("a")));
        client.post(MAPS, Manifests.configMap("b"));

        assertThat(client.get(MAPS + "?resourceVersion=999999").code()).isEqualTo(504);
        JsonNode then = client.get(MAPS + "?resourceVersion=" + first + "&resourceVersionMatch=Exact")
                .json();
        assertThat(names(then)).containsExactly("a", "kube-root-ca.crt");
    }

    @Test
    void deletion_answers_a_status_and_holds_its_conditions() {
        String uid = client.post(MAPS, Manifests.configMap("one")).at("/metadata/uid");

        Answer other = client.delete(MAPS + "/one", "{\"preconditions\":{\"uid\":\"another\"}}");
        Answer gone = client.delete(MAPS + "/one", "{\"preconditions\":{\"uid\":\"" + uid + "\"}}");

        assertThat(other.code()).isEqualTo(409);
        assertThat(other.at("/message")).contains("Precondition failed: UID in precondition: another");
        assertThat(gone.at("/status")).isEqualTo("Success");
        assertThat(gone.at("/details/uid")).isEqualTo(uid);
        assertThat(client.delete(MAPS + "/one", "").code()).isEqualTo(404);
    }

    @Test
    void finalizer_holds_what_is_deleted_until_it_is_removed() {
        client.post(
                MAPS,
                Manifests.configMap("one").replace("\"name\":", "\"finalizers\":[\"example.com/hold\"],\"name\":"));

        Answer going = client.delete(MAPS + "/one", "");
        assertThat(going.at("/metadata/deletionTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(client.get(MAPS + "/one").code()).isEqualTo(200);
        client.patch(MAPS + "/one", Client.MERGE, "{\"metadata\":{\"finalizers\":null}}");
        assertThat(client.get(MAPS + "/one").code()).isEqualTo(404);
    }

    @Test
    void deleting_a_collection_respects_its_selector() {
        client.post(MAPS, Manifests.configMap("one").replace("\"name\":", "\"labels\":{\"a\":\"1\"},\"name\":"));
        client.post(MAPS, Manifests.configMap("two"));

        client.delete(MAPS + "?labelSelector=a%3D1", "");

        assertThat(names(client.get(MAPS).json())).containsExactly("kube-root-ca.crt", "two");
    }

    @Test
    void namespace_goes_with_everything_in_it() {
        kubernetes.addNamespace("short");
        client.post("/api/v1/namespaces/short/configmaps", Manifests.configMap("one"));

        client.delete("/api/v1/namespaces/short", "");
        assertThat(client.get("/api/v1/namespaces/short").at("/status/phase")).isEqualTo("Terminating");
        Answer late = client.post("/api/v1/namespaces/short/configmaps", Manifests.configMap("two"));
        assertThat(late.code()).isEqualTo(403);
        assertThat(late.at("/message")).contains("because it is being terminated");
        kubernetes.settle();
        assertThat(client.get("/api/v1/namespaces/short").code()).isEqualTo(404);
        assertThat(kubernetes.list("configmaps", "short")).isEmpty();
    }

    @Test
    void runtime_class_changes_its_handler_only_by_being_made_anew() {
        String path = "/apis/node.k8s.io/v1/runtimeclasses";
        String first = client.post(path, Manifests.runtimeClass("gvisor", "'handler':'runsc'"))
                .at("/metadata/uid");

        Answer refused = client.patch(path + "/gvisor", Client.MERGE, "{\"handler\":\"runc\"}");
        client.delete(path + "/gvisor", "");
        String second = client.post(path, Manifests.runtimeClass("gvisor", "'handler':'runc'"))
                .at("/metadata/uid");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.at("/message")).contains("field is immutable");
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void body_that_is_no_json_or_another_kind_is_400_and_an_unknown_path_404() {
        assertThat(client.post(MAPS, "{").code()).isEqualTo(400);
        assertThat(client.post(MAPS, Manifests.pod("x", "")).code()).isEqualTo(400);
        assertThat(client.get("/apis/example.com/v1/things").code()).isEqualTo(404);
        assertThat(client.get("/api/v1/namespaces/default/pods/x/exec").code()).isEqualTo(404);
    }

    private List<String> selected(String selector) {
        return names(client.get(MAPS + "?labelSelector=" + selector).json());
    }

    private static String continued(JsonNode list) {
        return list.at("/metadata/continue").asText();
    }

    static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.path("items").spliterator(), false)
                .map(item -> item.at("/metadata/name").asText())
                .toList();
    }

    private static long version(Answer answer) {
        return Long.parseLong(answer.at("/metadata/resourceVersion"));
    }
}
