package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Verified;
import dev.lantern.testkit.kubernetes.AdmissionRequest;
import dev.lantern.testkit.kubernetes.FakePod;
import dev.lantern.testkit.kubernetes.PodScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.Interceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Webhooks that change an agent's pod as it is made, or in the very patch that lets it go. With the shipped policy what it
 * knows of never exists; without it no agent's container ever starts, and all of it is gone before it is told.
 */
class LaunchWebhooksTest {
    private static final String CREATE = "CREATE";
    private static final String UPDATE = "UPDATE";

    private final LaunchSite site = new LaunchSite();
    private int epoch;

    @AfterEach
    void close() {
        site.close();
    }

    /** By the code of the violation. */
    private static Map<String, Consumer<ObjectNode>> atCreation() {
        Map<String, Consumer<ObjectNode>> hooks = new LinkedHashMap<>();
        hooks.put("pod-gate", pod -> spec(pod).remove("schedulingGates"));
        hooks.put("pod-boundary", pod -> {
            spec(pod).remove("runtimeClassName");
            spec(pod).remove("overhead");
        });
        hooks.put(
                "pod-containers",
                pod -> containers(pod)
                        .add(containers(pod).get(0).<ObjectNode>deepCopy().put("name", "sidecar")));
        hooks.put("pod-image", pod -> agent(pod).put("image", "evil.example.com/x@sha256:" + "6".repeat(64)));
        hooks.put(
                "pod-program",
                pod -> ((ArrayNode) agent(pod).get("env"))
                        .addObject()
                        .put("name", "LD_PRELOAD")
                        .put("value", "/x"));
        hooks.put(
                "pod-storage",
                pod -> ((ArrayNode) spec(pod).get("volumes"))
                        .addObject()
                        .put("name", "extra")
                        .putObject("emptyDir"));
        hooks.put("pod-token", pod -> {
            ObjectNode volume =
                    ((ArrayNode) spec(pod).get("volumes")).addObject().put("name", "token");
            ObjectNode token = volume.putObject("projected")
                    .putArray("sources")
                    .addObject()
                    .putObject("serviceAccountToken");
            token.put("path", "token");
        });
        hooks.put(
                "pod-placement",
                pod -> ((ArrayNode) spec(pod).get("tolerations")).addObject().put("operator", "Exists"));
        hooks.put(
                "pod-privilege",
                pod -> agent(pod).withObject("/securityContext").put("readOnlyRootFilesystem", false));
        hooks.put(
                "pod-sandbox-settings",
                pod -> ((ObjectNode) pod.at("/metadata/annotations")).put("dev.gvisor.flag.debug", "true"));
        hooks.put("pod-lifecycle", pod -> ((ObjectNode) spec(pod).at("/initContainers/0")).remove("startupProbe"));
        hooks.put("pod-other", pod -> spec(pod).put("unheardOf", true));
        return hooks;
    }

    private static Map<String, Consumer<ObjectNode>> inThePatch() {
        Map<String, Consumer<ObjectNode>> hooks = new LinkedHashMap<>();
        hooks.put("pod-image", pod -> agent(pod).put("image", "evil.example.com/x@sha256:" + "6".repeat(64)));
        hooks.put(
                "pod-placement",
                pod -> ((ArrayNode) spec(pod).get("tolerations"))
                        .addObject()
                        .put("operator", "Exists")
                        .put("key", "anything"));
        hooks.put("pod-identity", pod -> ((ObjectNode) pod.at("/metadata/labels")).put(Marks.TENANT, "globex"));
        return hooks;
    }

    @Test
    void changed_pod_is_violated_and_gone_and_its_agent_never_started() {
        int cases = 0;
        for (String operation : List.of(CREATE, UPDATE)) {
            for (Map.Entry<String, Consumer<ObjectNode>> hook :
                    (operation.equals(CREATE) ? atCreation() : inThePatch()).entrySet()) {
                String what = hook.getKey() + " at " + operation;
                hang(operation, hook.getValue());
                List<String> seen = new ArrayList<>();

                InstanceRef instance = start(seen);

                assertThat(violations(what))
                        .extracting(Violation::code)
                        .as(what)
                        .contains(hook.getKey());
                assertThat(seen).as("pods when the Job was deleted: " + what).hasSize(1);
                assertThat(seen.get(0)).as(what).endsWith("agent never started");
                assertThat(site.isGone(instance)).as(what).isTrue();
                cases++;
            }
        }
        assertThat(cases).isEqualTo(15);
    }

    @Test
    void pod_that_the_policy_knows_to_be_wrong_never_exists() {
        int cases = 0;
        for (String code : List.of("pod-gate", "pod-boundary", "pod-containers", "pod-token", "pod-sandbox-settings")) {
            hang(CREATE, atCreation().get(code));
            site.kubernetes.validate(AdmissionPolicies.PODS, "Forbidden", LaunchWebhooksTest::policy);
            List<String> everMade = new ArrayList<>();
            site.kubernetes.script(pod -> {
                everMade.add(pod.path("metadata").path("name").asText());
                return PodScript.starts();
            });

            InstanceRef instance = start(new ArrayList<>());

            assertThat(violations(code)).singleElement().satisfies(violation -> {
                assertThat(violation.code()).isEqualTo("pod-refused");
                assertThat(violation.found()).contains("ValidatingAdmissionPolicy 'lantern-pods'");
                assertThat(violation.fix()).contains("lantern-acme");
            });
            assertThat(site.pods(instance)).as(code).isEmpty();
            assertThat(everMade).as(code).isEmpty();
            assertThat(site.host().teardown().stop(instance, LaunchSite.PATIENCE))
                    .isTrue();
            cases++;
        }
        assertThat(cases).isEqualTo(5);
    }

    @Test
    void patch_that_the_policy_refuses_lets_nothing_go() {
        int cases = 0;
        for (Map.Entry<String, Consumer<ObjectNode>> hook : inThePatch().entrySet()) {
            hang(UPDATE, hook.getValue());
            site.kubernetes.validate(AdmissionPolicies.PODS, "Forbidden", LaunchWebhooksTest::policy);
            List<String> seen = new ArrayList<>();

            InstanceRef instance = start(seen);

            assertThat(violations(hook.getKey())).extracting(Violation::code).containsExactly("pod-refused");
            assertThat(seen).singleElement().asString().startsWith("held");
            assertThat(site.isGone(instance)).isTrue();
            cases++;
        }
        assertThat(cases).isEqualTo(3);
    }

    @Test
    void next_host_finds_what_a_webhook_did_while_the_first_one_died() {
        for (String operation : List.of(CREATE, UPDATE)) {
            hang(operation, atCreation().get("pod-image"));
            InstanceRef instance = LaunchSite.instance(++epoch);
            // Of the creation, or of the patch, no answer comes.
            LaunchSite.Host dying = site.host(Meddler.death(operation.equals(CREATE) ? 1 : 4, true));
            Meddler.dies(operation, () -> dying.launch().start(site.start(epoch), LaunchSite.PATIENCE));
            assertThat(site.pods(instance)).noneMatch(LaunchSite::agentStarted).hasSize(1);

            site.host().launch().start(site.start(epoch), LaunchSite.PATIENCE);

            assertThat(violations(operation)).extracting(Violation::code).containsExactly("pod-image");
            assertThat(site.isGone(instance)).isTrue();
        }
    }

    @Test
    void gate_of_somebody_else_is_a_difference_too() {
        hang(
                CREATE,
                pod -> ((ArrayNode) spec(pod).get("schedulingGates"))
                        .addObject()
                        .put("name", "example.com/wait"));

        InstanceRef instance = start(new ArrayList<>());

        assertThat(violations("a gate")).extracting(Violation::code).containsExactly("pod-gate");
        assertThat(site.isGone(instance)).isTrue();
    }

    private void hang(String operation, Consumer<ObjectNode> change) {
        site.kubernetes.removeHooks();
        site.ledger.clear();
        site.kubernetes.mutate((request, pod) -> {
            if (request.operation().equals(operation) && request.subresource().isEmpty()) {
                change.accept(pod);
            }
            return pod;
        });
    }

    /** @param seen how the pod was when its Job was about to be deleted */
    private InstanceRef start(List<String> seen) {
        InstanceRef instance = LaunchSite.instance(++epoch);
        Interceptor looking = chain -> {
            if (chain.request().method().equals("DELETE")) {
                site.pods(instance).forEach(pod -> seen.add(shown(pod)));
            }
            return chain.proceed(chain.request());
        };
        site.host(looking).launch().start(site.start(epoch), LaunchSite.PATIENCE);
        return instance;
    }

    private static String shown(FakePod pod) {
        return (LaunchSite.isHeld(pod) ? "held" : "let go") + ", agent "
                + (LaunchSite.agentStarted(pod) ? "started" : "never started");
    }

    private List<Violation> violations(String what) {
        assertThat(site.ledger.ends).as(what).hasSize(1);
        assertThat(site.ledger.ends.get(0)).as(what).isInstanceOf(InstanceEnd.Violated.class);
        InstanceEnd.Violated violated = (InstanceEnd.Violated) site.ledger.ends.get(0);
        assertThat(violated.checkpoint()).isEqualTo(Verified.POD);
        return violated.violations();
    }

    /** What the shipped policy says in CEL of the things that are tried here; that it does is shown on a real cluster. */
    private static Optional<String> policy(AdmissionRequest request, ObjectNode pod) {
        boolean creating = request.operation().equals(CREATE);
        if (creating && pod.at("/spec/schedulingGates").isEmpty()) {
            return Optional.of("an agent's pod is created with the gate " + Marks.GATE);
        }
        if (!pod.at("/spec/runtimeClassName")
                .asText()
                .equals(pod.at("/metadata/labels").path(Marks.RUNTIME_CLASS).asText())) {
            return Optional.of("runtimeClassName is what the label " + Marks.RUNTIME_CLASS + " says");
        }
        if (pod.at("/spec/containers").size() != 1) {
            return Optional.of("an agent's pod has the containers harness and agent and no others");
        }
        for (JsonNode source : pod.findValues("serviceAccountToken")) {
            if (!source.path("audience").asText().equals(PodSpec.AUDIENCE)) {
                return Optional.of("a token in an agent's pod is for the audience " + PodSpec.AUDIENCE);
            }
        }
        if (pod.at("/metadata/annotations").toString().contains("dev.gvisor.")) {
            return Optional.of("no annotation reconfigures the sandbox of an agent");
        }
        return creating ? Optional.empty() : change(request.old().orElseThrow(), pod);
    }

    private static Optional<String> change(ObjectNode old, ObjectNode pod) {
        if (!old.at("/spec/containers/0/image").equals(pod.at("/spec/containers/0/image"))) {
            return Optional.of("an agent's image does not change");
        }
        if (!old.at("/metadata/labels").equals(pod.at("/metadata/labels"))) {
            return Optional.of("Lantern's labels do not change");
        }
        return old.at("/spec/tolerations").size() == pod.at("/spec/tolerations").size()
                ? Optional.empty()
                : Optional.of("an agent's pod tolerates what it tolerated when it was created");
    }

    private static ObjectNode spec(ObjectNode pod) {
        return (ObjectNode) pod.get("spec");
    }

    private static ArrayNode containers(ObjectNode pod) {
        return (ArrayNode) pod.at("/spec/containers");
    }

    private static ObjectNode agent(ObjectNode pod) {
        return (ObjectNode) containers(pod).get(0);
    }
}
