package dev.lantern.k8s;

import com.google.gson.JsonElement;
import java.util.List;
import java.util.Optional;

/**
 * What may differ between what was asked for and what the API server persisted: all of it, each with the reason. Whatever
 * is not here is a difference. The list was taken from a real API server, and is held against one where there is one.
 */
enum Allowance {
    KIND_IN_A_LIST(
            "items of a list carry neither kind nor version",
            (delta, scene) -> delta.removed() && (delta.at("kind") || delta.at("apiVersion"))),

    UID("the API server names the object", (delta, scene) -> delta.added() && delta.at("metadata", "uid")),

    NAME_OF_POD(
            "the Job controller names its pod after the Job",
            (delta, scene) ->
                    scene.pod() && delta.added() && delta.at("metadata", "name") && isNamedAfter(delta, scene)),

    VERSION(
            "the API server counts changes",
            (delta, scene) ->
                    delta.added() && (delta.at("metadata", "resourceVersion") || delta.at("metadata", "generation"))),

    CREATION(
            "the API server dates the object; before 1.34 it also wrote null into a Job's template",
            (delta, scene) ->
                    delta.added() && (delta.at("metadata", "creationTimestamp") || isDateOfTemplate(delta, scene))),

    MANAGED_FIELDS(
            "who wrote which field; says nothing about the object",
            (delta, scene) -> delta.added() && delta.at("metadata", "managedFields")),

    FORMER_LABELS(
            "the Job controller repeats its labels in their form before 1.27",
            (delta, scene) -> delta.added() && isFormerLabel(delta, scene)),

    FINALIZER(
            "the Job controller counts a pod before it goes, and takes the mark off when it has",
            (delta, scene) -> scene.pod()
                    && delta.added()
                    && delta.at("metadata", "finalizers")
                    && delta.found().equals(Optional.of(Tree.strings("batch.kubernetes.io/job-tracking")))),

    NODE(
            "the scheduler binds the pod to one of the verified nodes",
            (delta, scene) -> scene.bound()
                    && delta.added()
                    && delta.at("spec", "nodeName")
                    && scene.nodes().stream().anyMatch(delta::foundText)),

    TOPOLOGY_OF_NODE(
            "from 1.35 on binding copies the node's zone and region to the pod",
            (delta, scene) -> scene.bound()
                    && delta.added()
                    && delta.under("metadata", "labels", "*")
                    && Named.TOPOLOGY.contains(delta.last())),

    NETWORK_STATUS(
            "network plugins note the pod's addresses once it has some",
            (delta, scene) -> scene.bound()
                    && delta.added()
                    && delta.under("metadata", "annotations", "*")
                    && Named.NETWORK.contains(delta.last())),

    STATUS("what became of the object, not what was asked for", (delta, scene) -> delta.added() && delta.at("status"));

    /**
     * What a difference is judged by.
     *
     * @param pod whether it is a pod and not a Job
     * @param jobName the Job's name
     * @param jobUid the Job's UID
     * @param bound whether a node has it
     * @param nodes the verified nodes
     */
    record Scene(boolean pod, String jobName, String jobUid, boolean bound, List<String> nodes) {
        Scene {
            nodes = List.copyOf(nodes);
        }
    }

    private interface Rule {
        boolean admits(Delta delta, Scene scene);
    }

    /** An enum's own constants come before its fields. */
    private static final class Named {
        private static final List<String> TOPOLOGY =
                List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");
        private static final List<String> NETWORK = List.of(
                "cni.projectcalico.org/containerID",
                "cni.projectcalico.org/podIP",
                "cni.projectcalico.org/podIPs",
                "k8s.ovn.org/pod-networks",
                "k8s.v1.cni.cncf.io/network-status");
    }

    private final String why;
    private final Rule rule;

    Allowance(String why, Rule rule) {
        this.why = why;
        this.rule = rule;
    }

    String why() {
        return why;
    }

    /** The one that admits this difference, if any does. */
    static Optional<Allowance> of(Delta delta, Scene scene) {
        for (Allowance allowance : values()) {
            if (allowance.rule.admits(delta, scene)) {
                return Optional.of(allowance);
            }
        }
        return Optional.empty();
    }

    private static boolean isNamedAfter(Delta delta, Scene scene) {
        return delta.found()
                .filter(JsonElement::isJsonPrimitive)
                .map(name -> name.getAsString().startsWith(scene.jobName() + "-"))
                .orElse(false);
    }

    private static boolean isDateOfTemplate(Delta delta, Scene scene) {
        return !scene.pod()
                && delta.at("spec", "template", "metadata", "creationTimestamp")
                && delta.found().map(JsonElement::isJsonNull).orElse(false);
    }

    private static boolean isFormerLabel(Delta delta, Scene scene) {
        boolean here = scene.pod()
                ? delta.under("metadata", "labels", "*")
                : delta.under("spec", "template", "metadata", "labels", "*");
        return here
                && (delta.last().equals("controller-uid") && delta.foundText(scene.jobUid())
                        || delta.last().equals("job-name") && delta.foundText(scene.jobName()));
    }
}
