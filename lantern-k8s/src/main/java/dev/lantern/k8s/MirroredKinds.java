package dev.lantern.k8s;

import java.util.List;
import java.util.Optional;

/** What is mirrored, and where. */
final class MirroredKinds {
    /** Pods that have not ended: what stands on a node. */
    static final String LIVING = "status.phase!=Succeeded,status.phase!=Failed";

    private static final String NETWORKING = "networking.k8s.io";
    private static final String NODE = "node.k8s.io";

    private MirroredKinds() {}

    static Mirrored<JobTrace> jobs(Optional<String> namespace, Whereabouts whereabouts) {
        return new Mirrored<>(
                ours(get("/apis/batch/v1", "batch", "jobs", namespace), whereabouts),
                "batch/v1",
                "Job",
                job -> JobTrace.read(job, whereabouts));
    }

    static Mirrored<PodTrace> pods(Optional<String> namespace, Whereabouts whereabouts, PodReader reader) {
        return new Mirrored<>(ours(get("/api/v1", "", "pods", namespace), whereabouts), "v1", "Pod", reader);
    }

    /** Warnings only; those about others' objects are not kept. */
    static Mirrored<Saying> events(Optional<String> namespace) {
        return new Mirrored<>(
                get("/api/v1", "", "events", namespace).with("fieldSelector", "type=Warning"),
                "v1",
                "Event",
                Saying::read);
    }

    static Mirrored<PolicyTrace> policies(Optional<String> namespace) {
        return new Mirrored<>(
                get("/apis/" + NETWORKING + "/v1", NETWORKING, "networkpolicies", namespace),
                NETWORKING + "/v1",
                "NetworkPolicy",
                PolicyTrace::read);
    }

    static Mirrored<NodeTrace> nodes() {
        return new Mirrored<>(get("/api/v1", "", "nodes", Optional.empty()), "v1", "Node", NodeTrace::read);
    }

    static Mirrored<JobTrace.ClassId> classes() {
        return new Mirrored<>(
                get("/apis/" + NODE + "/v1", NODE, "runtimeclasses", Optional.empty()),
                NODE + "/v1",
                "RuntimeClass",
                runtimeClass -> {
                    View metadata = runtimeClass.child("metadata");
                    return new JobTrace.ClassId(metadata.text("name"), metadata.text("uid"));
                });
    }

    /** Every pod of the cluster that has not ended, whosever it is. */
    static Mirrored<Neighbour> neighbours(List<String> operators) {
        return new Mirrored<>(
                neighbours().with("fieldSelector", LIVING), "v1", "Pod", pod -> Neighbour.read(pod, operators));
    }

    static Get neighbours() {
        return get("/api/v1", "", "pods", Optional.empty());
    }

    private static Get get(String root, String group, String resource, Optional<String> namespace) {
        return namespace
                .map(name -> Get.of(
                        root + "/namespaces/" + name + "/" + resource, Rule.namespace(name, group, resource, "list")))
                .orElseGet(() -> Get.of(root + "/" + resource, Rule.cluster(group, resource, "list")));
    }

    private static Get ours(Get get, Whereabouts whereabouts) {
        return get.with(
                "labelSelector",
                Marks.MANAGED_BY + "=" + Marks.LANTERN + "," + Marks.INSTALLATION + "=" + whereabouts.installation());
    }
}
