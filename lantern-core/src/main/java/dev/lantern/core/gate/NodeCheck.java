package dev.lantern.core.gate;

import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.Taint;
import dev.lantern.gate.Toleration;
import dev.lantern.spec.AgentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a node lacks for one candidate. Nothing lacking means verified: the instance may be pinned to it. */
final class NodeCheck {
    /** The well-known label of a node's region. */
    static final String REGION = "topology.kubernetes.io/region";

    private final AgentSpec spec;
    private final IsolationPolicy policy;
    private final Demands demands;
    private final Candidate candidate;

    NodeCheck(AgentSpec spec, IsolationPolicy policy, Demands demands, Candidate candidate) {
        this.spec = spec;
        this.policy = policy;
        this.demands = demands;
        this.candidate = candidate;
    }

    Candidate candidate() {
        return candidate;
    }

    /** Each lack in words that follow the node's name; empty if there is none. */
    List<String> lacks(NodeFact node) {
        List<String> lacks = new ArrayList<>();
        node.unfit().forEach(reason -> lacks.add("is " + reason));
        candidate.runtimeClass().ifPresent(found -> handler(found, node, lacks));
        candidate
                .runtimeClass()
                .flatMap(RuntimeClassFact::scheduling)
                .ifPresent(scheduling -> selector(scheduling, node, lacks));
        taints(node, lacks);
        if (demands.dedicated()) {
            dedicated(node, lacks);
        }
        gpus(node, lacks);
        return lacks;
    }

    /** What the node says of its handlers, for a sentence. */
    static String handlers(NodeFact node) {
        return node.id().name() + " " + node.handlers().map(NodeCheck::names).orElse("lists no handlers");
    }

    private static String names(List<NodeFact.Handler> handlers) {
        return "lists "
                + handlers.stream()
                        .map(handler -> handler.name().isEmpty() ? "its default handler" : handler.name())
                        .collect(Collectors.joining(", "));
    }

    private static void handler(RuntimeClassFact runtimeClass, NodeFact node, List<String> lacks) {
        if (node.handlers().isEmpty()) {
            lacks.add("does not tell its handlers (kubelet " + node.versions().kubelet() + ", "
                    + node.versions().containerRuntime() + ")");
        } else if (node.handlers().get().stream()
                .noneMatch(handler -> handler.name().equals(runtimeClass.handler()))) {
            lacks.add("lacks handler " + runtimeClass.handler() + " ("
                    + names(node.handlers().get()) + ")");
        }
    }

    private static void selector(RuntimeClassFact.Scheduling scheduling, NodeFact node, List<String> lacks) {
        scheduling.nodeSelector().forEach((key, value) -> {
            if (!value.equals(node.labels().get(key))) {
                lacks.add("lacks the label " + key + "=" + value + " that the RuntimeClass selects");
            }
        });
    }

    private void taints(NodeFact node, List<String> lacks) {
        List<Toleration> tolerations = tolerations();
        for (Taint taint : node.taints()) {
            if (isConditionOf(node, taint)) {
                continue;
            }
            if (taint.repels() && tolerations.stream().noneMatch(each -> each.tolerates(taint))) {
                lacks.add("has the taint " + taint + ", which the agent would not tolerate");
            }
        }
    }

    /** The control plane taints an unfit node by itself; that would say the same a second time. */
    private static boolean isConditionOf(NodeFact node, Taint taint) {
        return !node.unfit().isEmpty() && taint.key().startsWith("node.kubernetes.io/");
    }

    private List<Toleration> tolerations() {
        List<Toleration> tolerations = new ArrayList<>(candidate
                .runtimeClass()
                .flatMap(RuntimeClassFact::scheduling)
                .map(RuntimeClassFact.Scheduling::tolerations)
                .orElse(List.of()));
        if (demands.dedicated()) {
            Taint taint = policy.dedicatedNodes().taint();
            tolerations.add(new Toleration(taint.key(), "Equal", taint.value(), taint.effect()));
        }
        return tolerations;
    }

    private void dedicated(NodeFact node, List<String> lacks) {
        IsolationPolicy.DedicatedNodes marks = policy.dedicatedNodes();
        if (!marks.labelValue().equals(node.labels().get(marks.label()))) {
            lacks.add("lacks the label " + marks.label() + "=" + marks.labelValue() + " of dedicated nodes");
        }
        if (!node.taints().contains(marks.taint())) {
            lacks.add("lacks the taint " + marks.taint() + " of dedicated nodes");
        }
    }

    private void gpus(NodeFact node, List<String> lacks) {
        int wanted = spec.limits().gpu();
        long has = node.devices().getOrDefault(policy.gpuResource(), 0L);
        if (has < wanted) {
            lacks.add("has " + has + " " + policy.gpuResource() + " where " + wanted + " are asked for");
        }
    }
}
