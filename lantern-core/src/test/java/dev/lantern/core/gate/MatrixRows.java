package dev.lantern.core.gate;

import static dev.lantern.core.gate.ClusterFixture.aged;
import static dev.lantern.core.gate.ClusterFixture.full;
import static dev.lantern.core.gate.ClusterFixture.labelled;
import static dev.lantern.core.gate.ClusterFixture.node;
import static dev.lantern.core.gate.ClusterFixture.runtimeClass;
import static dev.lantern.core.gate.ClusterFixture.scheduled;
import static dev.lantern.core.gate.ClusterFixture.tainted;
import static dev.lantern.core.gate.ClusterFixture.unfit;
import static dev.lantern.core.gate.ClusterFixture.untold;
import static dev.lantern.core.gate.ClusterFixture.vault;

import dev.lantern.gate.ApiServerFact;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.Fact;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.IsolationPolicy.DedicatedNodes;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.RuntimeClassFact.Scheduling;
import dev.lantern.gate.Taint;
import dev.lantern.gate.Toleration;
import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The policies and the facts of the decision matrix, by the names they have in its table. */
final class MatrixRows {
    private static final Duration OLD = Duration.ofSeconds(59);
    private static final Instant NOW = ClusterFixture.NOW;
    private static final BaselinePart FINE = BaselinePart.present("part");

    private MatrixRows() {}

    static Map<String, IsolationPolicy> policies() {
        IsolationPolicy safe = IsolationPolicy.safeDefaults();
        Map<String, IsolationPolicy> policies = new LinkedHashMap<>();
        policies.put("safe defaults", safe);
        policies.put("at least standard", safe.atLeast(Isolation.STANDARD));
        policies.put("at least untrusted", safe.atLeast(Isolation.UNTRUSTED));
        policies.put("at least hostile", safe.atLeast(Isolation.HOSTILE));
        policies.put("standard without boundary", safe.standardWithoutBoundary());
        policies.put(
                "standard without boundary, at least untrusted",
                safe.standardWithoutBoundary().atLeast(Isolation.UNTRUSTED));
        policies.put("untrusted by RuntimeClass kata", safe.runtimeClasses(Isolation.UNTRUSTED, List.of("kata")));
        policies.put("handler spin is wasm", safe.handler("spin", HandlerKind.WASM));
        policies.put("admission policy for all", safe.admissionPolicyFor(Arrays.asList(Isolation.values())));
        policies.put("admission policy for none", safe.admissionPolicyFor(List.of()));
        policies.put("facts of the last 5 minutes", safe.maxFactAge(Duration.ofMinutes(5)));
        return policies;
    }

    static Map<String, Facts> facts() {
        Map<String, Facts> rows = new LinkedHashMap<>();
        clusters().forEach((name, cluster) -> rows.put(name, cluster.facts()));
        rows.put("host: plain processes", host(NOW, List.of(), HandlerKind.PROCESS));
        rows.put("host: nothing", host(NOW, List.of()));
        rows.put("host: nothing, with a gap", host(NOW, List.of("no setsid")));
        rows.put("host: every boundary", host(NOW, List.of(), HandlerKind.values()));
        rows.put("host: every boundary, with a gap", host(NOW, List.of("maybe"), HandlerKind.values()));
        rows.put("host: every boundary, old", host(NOW.minusSeconds(61), List.of(), HandlerKind.values()));
        rows.put("host: every boundary, from the future", host(NOW.plusSeconds(31), List.of(), HandlerKind.values()));
        return rows;
    }

    private static Map<String, ClusterFixture> clusters() {
        Map<String, ClusterFixture> rows = new LinkedHashMap<>();
        rows.put("everything there", full());
        classes(rows);
        nodes(rows);
        dedicated(rows);
        fence(rows);
        time(rows);
        return rows;
    }

    private static void classes(Map<String, ClusterFixture> rows) {
        ClusterFixture full = full();
        rows.put("no RuntimeClass", full.withClasses());
        rows.put("RuntimeClasses forbidden", full.runtimeClasses(untold(full.runtimeClasses(), "403 Forbidden")));
        rows.put("class gvisor is runc", full.withClasses(runtimeClass("gvisor", "runc")));
        rows.put("class gvisor has an unknown handler", full.withClasses(runtimeClass("gvisor", "runsc-debug")));
        rows.put("class kata is a debug variant", full.withClasses(runtimeClass("kata", "kata-qemu-debug")));
        rows.put("class spin", full.withClasses(runtimeClass("spin", "spin")));
        rows.put(
                "class spin, node lists it",
                full.withClasses(runtimeClass("spin", "spin")).withNodes(node("web", "", "spin")));
        rows.put(
                "class gvisor selects a label nobody has",
                full.withClasses(scheduled("gvisor", "runsc", new Scheduling(one("pool", "sandbox"), List.of()))));
        rows.put(
                "class gvisor selects sand",
                full.withClasses(scheduled("gvisor", "runsc", new Scheduling(one("pool", "sandbox"), List.of())))
                        .everyNode(node -> node.id().name().equals("sand") ? labelled(node, "pool", "sandbox") : node));
    }

    private static void nodes(Map<String, ClusterFixture> rows) {
        ClusterFixture full = full();
        rows.put("no node", full.withNodes());
        rows.put("nodes timed out", full.nodes(untold(full.nodes(), "no answer within 5 s")));
        rows.put("nodes answered partially", full.nodes(untold(full.nodes(), "page 2 of the list: 410 Gone")));
        rows.put("no node tells its handlers", full.everyNode(MatrixRows::silent));
        rows.put("no node has runsc", full.withNodes(node("plain", "", "runc"), vault()));
        rows.put("handlers alike but not the same", full.withNodes(node("sand", "", "runsc-old", "Runsc"), vault()));
        rows.put("the default handler alone", full.withNodes(node("sand", "")));
        rows.put("every node cordoned", full.everyNode(node -> unfit(node, "cordoned")));
        rows.put("gVisor's node not ready", only(full, "sand", node -> unfit(node, "not ready")));
        rows.put(
                "gVisor's node tainted",
                only(full, "sand", node -> tainted(node, new Taint("team", "other", "NoSchedule"))));
        rows.put(
                "gVisor's node rather not",
                only(full, "sand", node -> tainted(node, new Taint("team", "other", "PreferNoSchedule"))));
        rows.put(
                "gVisor's node tainted, class tolerates",
                only(full, "sand", node -> tainted(node, new Taint("team", "other", "NoExecute")))
                        .withClasses(scheduled(
                                "gvisor",
                                "runsc",
                                new Scheduling(
                                        new TreeMap<>(), List.of(new Toleration("team", "Equal", "other", ""))))));
    }

    private static void dedicated(Map<String, ClusterFixture> rows) {
        DedicatedNodes marks = DedicatedNodes.SHIPPED;
        ClusterFixture full = full();
        rows.put("Kata's node without label", full.withNodes(tainted(node("vault", "kata-qemu"), marks.taint())));
        rows.put(
                "Kata's node without taint",
                full.withNodes(labelled(node("vault", "kata-qemu"), marks.label(), "hostile")));
        rows.put("Kata's node for others", only(full, "vault", node -> labelled(node, marks.label(), "somebody")));
        rows.put(
                "Kata's node with one more taint",
                only(full, "vault", node -> tainted(node, marks.taint(), new Taint("x", "", "NoSchedule"))));
        rows.put("Kata on a shared node", full.withNodes(node("shared", "", "kata-qemu")));
    }

    private static void fence(Map<String, ClusterFixture> rows) {
        ClusterFixture full = full();
        rows.put("namespace untold", full.namespace(untold(full.namespace(), "404 NotFound")));
        rows.put(
                "namespace of another tenant", full.withNamespace(BaselinePart.changed("tenant label", "is umbrella")));
        rows.put("namespace with one part missing", full.withNamespace(FINE, BaselinePart.missing("pod security", "")));
        rows.put("namespace never looked at", full.withNamespace());
        rows.put("fence untold", full.fence(untold(full.fence(), "403 Forbidden")));
        rows.put("fence missing", full.withFence(List.of(), BaselinePart.missing("deny-all", "")));
        rows.put("fence changed", full.withFence(List.of(), FINE, BaselinePart.changed("deny-all", "ingress allowed")));
        rows.put("fence never looked at", full.withFence(List.of()));
        rows.put("fence widened", full.withFence(List.of("NetworkPolicy allow-dns selects agents' pods"), FINE));
        rows.put("admission policy untold", full.admission(untold(full.admission(), "403 Forbidden")));
        rows.put("admission policy missing", full.withAdmission(BaselinePart.missing("policy", "")));
        rows.put("admission policy only audits", full.withAdmission(FINE, BaselinePart.changed("binding", "Audit")));
        rows.put("admission policy never looked at", full.withAdmission());
    }

    private static void time(Map<String, ClusterFixture> rows) {
        ClusterFixture full = full();
        rows.put("API server untold", full.apiServer(untold(full.apiServer(), "connection refused")));
        rows.put("API server's clock behind", clock(full, Duration.ofSeconds(-31)));
        rows.put("API server's clock ahead", clock(full, Duration.ofSeconds(31)));
        rows.put("API server's clock nearly right", clock(full, Duration.ofSeconds(30)));
        rows.put(
                "API server old",
                full.apiServer(Fact.seen(
                        new ApiServerFact("v1.36.1", NOW.minusSeconds(61)), "GET /version", NOW.minusSeconds(61))));
        rows.put("RuntimeClasses old", full.runtimeClasses(aged(full.runtimeClasses(), OLD)));
        rows.put("nodes old", full.nodes(aged(full.nodes(), OLD)));
        rows.put("nodes nearly old", full.nodes(aged(full.nodes(), OLD.minusSeconds(1))));
        rows.put("nodes from the future", full.nodes(aged(full.nodes(), Duration.ofSeconds(-33))));
        rows.put("namespace old", full.namespace(aged(full.namespace(), OLD)));
        rows.put("fence old", full.fence(aged(full.fence(), OLD)));
        rows.put("admission policy old", full.admission(aged(full.admission(), OLD)));
    }

    private static ClusterFixture clock(ClusterFixture cluster, Duration off) {
        Fact<ApiServerFact> fact = cluster.apiServer();
        return cluster.apiServer(
                Fact.seen(new ApiServerFact("v1.36.1", fact.at().plus(off)), fact.source(), fact.at()));
    }

    private static ClusterFixture only(ClusterFixture cluster, String name, UnaryOperator<NodeFact> change) {
        return cluster.everyNode(node -> node.id().name().equals(name) ? change.apply(node) : node);
    }

    private static NodeFact silent(NodeFact node) {
        return new NodeFact(
                node.id(),
                node.versions(),
                node.labels(),
                node.taints(),
                node.unfit(),
                Optional.of(List.of()),
                node.devices());
    }

    private static SortedMap<String, String> one(String key, String value) {
        return new TreeMap<>(Map.of(key, value));
    }

    private static HostFacts host(Instant at, List<String> gaps, HandlerKind... kinds) {
        return new HostFacts(
                "this test",
                at,
                Arrays.stream(kinds)
                        .map(kind -> new HostFacts.Handler(kind, "says so"))
                        .toList(),
                gaps);
    }
}
