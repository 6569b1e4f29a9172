package dev.lantern.k8s;

import com.google.gson.JsonArray;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The two containers. The harness is a native sidecar: it starts before the agent, which waits for its startup probe,
 * and stops after it. The port that the probe knocks at is bound when the agent may start, and not before.
 */
final class Containers {
    static final int LOOPBACK_PORT = 7411;
    static final int RELEASE_PORT = 7412;

    /** What a container may log before the kubelet rotates it away; counted as ephemeral storage. */
    private static final Quantity LOGS = Quantity.parse("64Mi");

    private final PodRequest request;
    private final PodDefaults defaults;
    private final Volumes volumes;

    Containers(PodRequest request) {
        this.request = request;
        this.defaults = request.defaults();
        this.volumes = new Volumes(request);
    }

    Tree harness() {
        String storage = sum(Volumes.HARNESS_SIZE, LOGS);
        return Tree.object()
                .put("name", PodSpec.HARNESS)
                .put("image", request.harness().toString())
                .put("env", environment(PodSpec.harnessEnvironment(request)))
                .put(
                        "resources",
                        Tree.object()
                                // No limit of the processor: throttled, a JVM takes seconds to start.
                                .put(
                                        "limits",
                                        Tree.object()
                                                .put("ephemeral-storage", storage)
                                                .put("memory", Amount.of(defaults.harnessMemory())))
                                .put(
                                        "requests",
                                        Tree.object()
                                                .put("cpu", Amount.of(defaults.harnessVcpu()))
                                                .put("ephemeral-storage", storage)
                                                .put("memory", Amount.of(defaults.harnessMemory()))))
                .put("restartPolicy", "Always")
                .put("volumeMounts", volumes.ofHarness())
                .put("startupProbe", released())
                .put("terminationMessagePath", "/dev/termination-log")
                .put("terminationMessagePolicy", "File")
                .put("imagePullPolicy", "IfNotPresent")
                .put("securityContext", restricted(defaults.harnessUser()));
    }

    Tree agent() {
        AgentSpec spec = request.spec();
        return Tree.object()
                .put("name", PodSpec.AGENT)
                .put("image", spec.image().toString())
                .putAll("command", literals(spec.command()))
                .putAll("args", literals(spec.args()))
                .put("env", environment(PodSpec.agentEnvironment(request)))
                .put("resources", agentResources())
                .put("volumeMounts", volumes.ofAgent())
                .put("terminationMessagePath", "/dev/termination-log")
                .put("terminationMessagePolicy", "File")
                .put("imagePullPolicy", "IfNotPresent")
                .put("securityContext", restricted(defaults.agentUser()));
    }

    /** Requested in full: an agent that was admitted is not squeezed by its neighbours. */
    private Tree agentResources() {
        return Tree.object().put("limits", agentAmounts()).put("requests", agentAmounts());
    }

    private Tree agentAmounts() {
        AgentSpec spec = request.spec();
        Quantity scratch = Volumes.scratchSize(request);
        Tree amounts = Tree.object()
                .put("cpu", Amount.of(spec.limits().vcpu().orElse(defaults.vcpu())))
                .put("ephemeral-storage", sum(scratch, Volumes.PAYLOAD_SIZE, LOGS))
                .put("memory", Amount.of(spec.limits().memory().orElse(defaults.memory())));
        if (spec.limits().gpu() > 0) {
            amounts.put(defaults.gpuResource(), Amount.of(spec.limits().gpu()));
        }
        return amounts;
    }

    /** Fails until the harness has enrolled; then the agent starts within a second. */
    private Tree released() {
        return Tree.object()
                .put("tcpSocket", Tree.object().put("port", RELEASE_PORT))
                .put("timeoutSeconds", 1)
                .put("periodSeconds", 1)
                .put("successThreshold", 1)
                .put("failureThreshold", Deadlines.seconds(request.deadlines().start()));
    }

    /** The Pod Security Standard "restricted", said in full: from 1.35 on it asks for less beside user namespaces. */
    private static Tree restricted(int user) {
        return Tree.object()
                .put("capabilities", Tree.object().put("drop", Tree.strings("ALL")))
                .put("privileged", false)
                .put("runAsUser", user)
                .put("runAsGroup", user)
                .put("runAsNonRoot", true)
                .put("readOnlyRootFilesystem", true)
                .put("allowPrivilegeEscalation", false)
                .put("seccompProfile", Tree.object().put("type", "RuntimeDefault"));
    }

    private static JsonArray environment(Map<String, String> environment) {
        List<Tree> variables = new ArrayList<>();
        environment.forEach((name, value) -> {
            Tree variable = Tree.object().put("name", name);
            // The API server drops an empty value.
            variables.add(value.isEmpty() ? variable : variable.put("value", literal(value)));
        });
        return Tree.array(variables.toArray(Tree[]::new));
    }

    private static JsonArray literals(List<String> words) {
        return Tree.strings(words.stream().map(Containers::literal).toList());
    }

    /** The kubelet replaces {@code $(NAME)} in commands, arguments and values; a doubled dollar is one that stays. */
    private static String literal(String text) {
        return text.replace("$", "$$");
    }

    private static String sum(Quantity... quantities) {
        Quantity sum = quantities[0];
        for (int i = 1; i < quantities.length; i++) {
            sum = Quantity.of(sum.value().add(quantities[i].value()));
        }
        return Amount.of(sum);
    }
}
