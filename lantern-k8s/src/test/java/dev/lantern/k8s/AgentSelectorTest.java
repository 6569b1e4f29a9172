package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentSelectorTest {
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    @Test
    void empty_selector_selects_everything() throws Exception {
        assertThat(couldSelect("{}")).isTrue();
        assertThat(couldSelect("{\"matchLabels\": {}, \"matchExpressions\": []}"))
                .isTrue();
        assertThat(couldSelect("{\"matchLabels\": null}")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // What every agent's pod carries, always with this value.
        MANAGED_BY + ", lantern, true",
        MANAGED_BY + ", helm, false",
        MANAGED_BY + ", '', false",
        // What every agent's pod carries, with a value of its own.
        "lantern.dev/tenant, acme, true",
        "lantern.dev/instance, ln-x, true",
        "lantern.dev/isolation, trusted, true",
        "batch.kubernetes.io/job-name, x, true",
        "job-name, x, true",
        // Only the template gives labels of ours, and these are none of them.
        "lantern.dev/gateway, 'true', false",
        "lantern.dev/tenants, acme, false",
        // What a spec may bring.
        "app, web, true",
        "lantern.developers/team, a, true",
    })
    void label_that_has_to_be_equal(String key, String value, boolean could) throws Exception {
        assertThat(couldSelect("{\"matchLabels\": {\"" + key + "\": \"" + value + "\"}}"))
                .isEqualTo(could);
        assertThat(couldSelect(expressions(requirement(key, "In", "other", value))))
                .isEqualTo(could);
    }

    @ParameterizedTest
    @CsvSource({
        MANAGED_BY + ", false, true, false",
        "lantern.dev/tenant, true, true, false",
        "lantern.dev/runtime-class, true, true, false",
        "controller-uid, true, true, false",
        "lantern.dev/gateway, true, false, true",
        "app, true, true, true",
    })
    void label_that_has_to_differ_to_exist_or_not_to_exist(
            String key, boolean notIn, boolean exists, boolean doesNotExist) throws Exception {
        assertThat(couldSelect(expressions(requirement(key, "NotIn", "x", "lantern"))))
                .isEqualTo(notIn);
        assertThat(couldSelect(expressions(requirement(key, "Exists")))).isEqualTo(exists);
        assertThat(couldSelect(expressions(requirement(key, "DoesNotExist")))).isEqualTo(doesNotExist);
    }

    @Test
    void other_managers_only_are_left_out() throws Exception {
        assertThat(couldSelect(expressions(requirement(MANAGED_BY, "NotIn", "helm"))))
                .isTrue();
        assertThat(couldSelect(expressions(requirement(MANAGED_BY, "In", "helm", "kustomize"))))
                .isFalse();
    }

    @Test
    void every_requirement_has_to_be_possible() throws Exception {
        assertThat(couldSelect("{\"matchLabels\": {\"app\": \"web\"}, "
                        + expressions(requirement(MANAGED_BY, "NotIn", "lantern"))
                                .substring(1)))
                .isFalse();
        assertThat(couldSelect("{\"matchLabels\": {\"app\": \"web\", \"" + MANAGED_BY + "\": \"lantern\"}, "
                        + expressions(requirement("lantern.dev/run", "Exists")).substring(1)))
                .isTrue();
        assertThat(couldSelect(expressions(
                        requirement("lantern.dev/run", "Exists"), requirement("lantern.dev/epoch", "DoesNotExist"))))
                .isFalse();
    }

    @Test
    void requirement_that_is_not_understood_is_not_passed_over() {
        assertThatThrownBy(() -> couldSelect(expressions(requirement("app", "Matches", "web"))))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("NetworkPolicy x, podSelector, matchExpressions[0] has the operator Matches");
        assertThatThrownBy(() -> couldSelect(
                        expressions(requirement(MANAGED_BY, "NotIn", "lantern"), requirement("app", "Matches", "web"))))
                .isInstanceOf(UnreadableException.class);
        assertThatThrownBy(() -> couldSelect("{\"matchLabels\": {\"app\": 7}}"))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("NetworkPolicy x, podSelector: matchLabels.app is no text");
        assertThatThrownBy(() -> couldSelect("{\"matchExpressions\": [{\"operator\": \"Exists\"}]}"))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("NetworkPolicy x, podSelector, matchExpressions[0] has no key");
    }

    @Test
    void labels_of_ours_that_pods_carry_are_those_that_the_template_gives() {
        JsonObject job = JobTemplate.of(Requests.everything());
        List<String> given = new ArrayList<>();
        for (String key : job.getAsJsonObject("spec")
                .getAsJsonObject("template")
                .getAsJsonObject("metadata")
                .getAsJsonObject("labels")
                .keySet()) {
            if (key.startsWith(Marks.PREFIX)) {
                given.add(key);
            }
        }

        assertThat(AgentSelector.VARYING.stream().filter(key -> key.startsWith(Marks.PREFIX)))
                .containsExactlyInAnyOrderElementsOf(given);
    }

    private static boolean couldSelect(String selector) throws UnreadableException {
        JsonObject object = JsonParser.parseString(selector).getAsJsonObject();
        return AgentSelector.couldSelect(new View(object, "NetworkPolicy x, podSelector"));
    }

    private static String expressions(String... requirements) {
        return "{\"matchExpressions\": [" + String.join(", ", requirements) + "]}";
    }

    private static String requirement(String key, String operator, String... values) {
        String list = values.length == 0 ? "" : ", \"values\": [\"" + String.join("\", \"", values) + "\"]";
        return "{\"key\": \"" + key + "\", \"operator\": \"" + operator + "\"" + list + "}";
    }
}
