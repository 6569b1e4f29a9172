package dev.lantern.core.gate;

import dev.lantern.gate.AdmissionFact;
import dev.lantern.gate.ApiServerFact;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.gate.FenceFact;
import dev.lantern.gate.IsolationPolicy.DedicatedNodes;
import dev.lantern.gate.NamespaceFact;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.RuntimeClassFact.Scheduling;
import dev.lantern.gate.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A cluster where every class but wasm can run, to be spoilt in one place at a time: plain has runc alone, sand has
 * gVisor too, vault is dedicated and has Kata. Immutable.
 */
record ClusterFixture(
        Fact<ApiServerFact> apiServer,
        Fact<List<RuntimeClassFact>> runtimeClasses,
        Fact<List<NodeFact>> nodes,
        Fact<NamespaceFact> namespace,
        Fact<FenceFact> fence,
        Fact<AdmissionFact> admission) {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant ASKED = NOW.minusSeconds(2);
    private static final String CLASSES = "GET /apis/node.k8s.io/v1/runtimeclasses";
    private static final String NODES = "GET /api/v1/nodes";
    private static final String NAMESPACE = "GET /api/v1/namespaces/agents";
    private static final String FENCE = "GET /apis/networking.k8s.io/v1/namespaces/agents/networkpolicies";
    private static final String ADMISSION =
            "GET /apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/lantern";

    static ClusterFixture full() {
        return new ClusterFixture(
                Fact.seen(new ApiServerFact("v1.36.1", ASKED), "GET /version", ASKED),
                Fact.seen(
                        List.of(
                                runtimeClass("gvisor", "runsc"),
                                runtimeClass("kata", "kata-qemu"),
                                runtimeClass("runc", "runc")),
                        CLASSES,
                        ASKED),
                Fact.seen(List.of(node("plain", "", "runc"), node("sand", "", "runc", "runsc"), vault()), NODES, ASKED),
                Fact.seen(
                        new NamespaceFact("agents", "ns-uid", List.of(BaselinePart.present("tenant label"))),
                        NAMESPACE,
                        ASKED),
                Fact.seen(
                        new FenceFact(List.of(BaselinePart.present("NetworkPolicy deny-all")), List.of()),
                        FENCE,
                        ASKED),
                Fact.seen(new AdmissionFact(List.of(BaselinePart.present("policy lantern"))), ADMISSION, ASKED));
    }

    ClusterFacts facts() {
        return new ClusterFacts("cluster test", "acme", apiServer, runtimeClasses, nodes, namespace, fence, admission);
    }

    static RuntimeClassFact runtimeClass(String name, String handler) {
        return new RuntimeClassFact(name, "uid-" + name, handler, Optional.empty(), new TreeMap<>());
    }

    static RuntimeClassFact scheduled(String name, String handler, Scheduling scheduling) {
        return new RuntimeClassFact(name, "uid-" + name, handler, Optional.of(scheduling), new TreeMap<>());
    }

    static NodeFact node(String name, String... handlers) {
        return new NodeFact(
                new NodeId(name, "uid-" + name, "boot-" + name),
                new NodeFact.Versions("v1.36.1", "6.12", "containerd://2.1.4"),
                new TreeMap<>(),
                List.of(),
                List.of(),
                Optional.of(List.of(handlers).stream()
                        .map(handler -> new NodeFact.Handler(handler, true))
                        .toList()),
                new TreeMap<>());
    }

    static NodeFact vault() {
        return tainted(
                labelled(node("vault", "", "kata-qemu"), DedicatedNodes.SHIPPED.label(), "hostile"),
                DedicatedNodes.SHIPPED.taint());
    }

    static NodeFact labelled(NodeFact node, String key, String value) {
        SortedMap<String, String> labels = new TreeMap<>(node.labels());
        labels.put(key, value);
        return new NodeFact(
                node.id(), node.versions(), labels, node.taints(), node.unfit(), node.handlers(), node.devices());
    }

    static NodeFact tainted(NodeFact node, Taint... taints) {
        return new NodeFact(
                node.id(),
                node.versions(),
                node.labels(),
                List.of(taints),
                node.unfit(),
                node.handlers(),
                node.devices());
    }

    static NodeFact unfit(NodeFact node, String... reasons) {
        return new NodeFact(
                node.id(),
                node.versions(),
                node.labels(),
                node.taints(),
                List.of(reasons),
                node.handlers(),
                node.devices());
    }

    static NodeFact withGpus(NodeFact node, long gpus) {
        SortedMap<String, Long> devices = new TreeMap<>();
        devices.put("nvidia.com/gpu", gpus);
        return new NodeFact(
                node.id(), node.versions(), node.labels(), node.taints(), node.unfit(), node.handlers(), devices);
    }

    ClusterFixture apiServer(Fact<ApiServerFact> fact) {
        return new ClusterFixture(fact, runtimeClasses, nodes, namespace, fence, admission);
    }

    ClusterFixture runtimeClasses(Fact<List<RuntimeClassFact>> fact) {
        return new ClusterFixture(apiServer, fact, nodes, namespace, fence, admission);
    }

    ClusterFixture withClasses(RuntimeClassFact... classes) {
        return runtimeClasses(Fact.seen(List.of(classes), CLASSES, ASKED));
    }

    ClusterFixture nodes(Fact<List<NodeFact>> fact) {
        return new ClusterFixture(apiServer, runtimeClasses, fact, namespace, fence, admission);
    }

    ClusterFixture withNodes(NodeFact... all) {
        return nodes(Fact.seen(List.of(all), NODES, ASKED));
    }

    /** The same look at the same time, with other nodes. */
    ClusterFixture everyNode(UnaryOperator<NodeFact> change) {
        return nodes(Fact.seen(seen(nodes).stream().map(change).toList(), nodes.source(), nodes.at()));
    }

    ClusterFixture namespace(Fact<NamespaceFact> fact) {
        return new ClusterFixture(apiServer, runtimeClasses, nodes, fact, fence, admission);
    }

    ClusterFixture withNamespace(BaselinePart... parts) {
        return namespace(Fact.seen(new NamespaceFact("agents", "ns-uid", List.of(parts)), NAMESPACE, ASKED));
    }

    ClusterFixture fence(Fact<FenceFact> fact) {
        return new ClusterFixture(apiServer, runtimeClasses, nodes, namespace, fact, admission);
    }

    ClusterFixture withFence(List<String> widening, BaselinePart... parts) {
        return fence(Fact.seen(new FenceFact(List.of(parts), widening), FENCE, ASKED));
    }

    ClusterFixture admission(Fact<AdmissionFact> fact) {
        return new ClusterFixture(apiServer, runtimeClasses, nodes, namespace, fence, fact);
    }

    ClusterFixture withAdmission(BaselinePart... parts) {
        return admission(Fact.seen(new AdmissionFact(List.of(parts)), ADMISSION, ASKED));
    }

    static <T> T seen(Fact<T> fact) {
        return ((Fact.Seen<T>) fact).value();
    }

    static <T> Fact<T> untold(Fact<T> fact, String why) {
        return Fact.untold(why, fact.source(), fact.at());
    }

    static <T> Fact<T> aged(Fact<T> fact, Duration by) {
        return fact instanceof Fact.Seen<T> seen
                ? Fact.seen(seen.value(), seen.source(), seen.at().minus(by))
                : Fact.untold(
                        ((Fact.Untold<T>) fact).why(), fact.source(), fact.at().minus(by));
    }
}
