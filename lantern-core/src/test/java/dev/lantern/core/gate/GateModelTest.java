package dev.lantern.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.ApiServerFact;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Fact;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.gate.RuntimeClassFact.Scheduling;
import dev.lantern.gate.Taint;
import dev.lantern.gate.Toleration;
import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Laws that hold on every cluster: tried on clusters of every sort, made from a seed that a failure names. */
class GateModelTest {
    private static final int CLUSTERS = 8_000;
    private static final List<Isolation> LADDER =
            List.of(Isolation.TRUSTED, Isolation.STANDARD, Isolation.UNTRUSTED, Isolation.HOSTILE);

    @Test
    void taking_a_fact_away_never_admits_what_was_refused() {
        int refusedBefore = 0;
        for (int seed = 0; seed < CLUSTERS; seed++) {
            Random random = new Random(seed);
            ClusterFixture cluster = cluster(random);
            IsolationPolicy policy = policy(random);
            Isolation isolation = one(random, Isolation.values());
            Decision before = decide(isolation, policy, cluster);
            if (before instanceof Decision.Refused) {
                refusedBefore++;
                for (ClusterFixture poorer : poorer(cluster)) {
                    assertThat(decide(isolation, policy, poorer))
                            .as("seed %s: %s, then with less known", seed, isolation)
                            .isInstanceOf(Decision.Refused.class);
                }
            }
        }
        assertThat(refusedBefore).isBetween(CLUSTERS / 10, CLUSTERS - CLUSTERS / 10);
    }

    @Test
    void taking_a_fact_away_never_widens_a_placement() {
        for (int seed = 0; seed < CLUSTERS; seed++) {
            Random random = new Random(seed);
            ClusterFixture cluster = cluster(random);
            IsolationPolicy policy = policy(random);
            Isolation isolation = one(random, Isolation.values());
            if (decide(isolation, policy, cluster) instanceof Decision.Admitted before && !excused(before, policy)) {
                for (ClusterFixture poorer : poorer(cluster)) {
                    if (decide(isolation, policy, poorer) instanceof Decision.Admitted after) {
                        assertThat(nodes(before))
                                .as("seed %s: %s", seed, isolation)
                                .containsAll(nodes(after));
                        assertThat(after.placement().handler())
                                .isEqualTo(before.placement().handler());
                    }
                }
            }
        }
    }

    @Test
    void raising_a_class_never_weakens_its_placement() {
        int compared = 0;
        for (int seed = 0; seed < CLUSTERS; seed++) {
            Random random = new Random(seed);
            ClusterFixture cluster = cluster(random);
            IsolationPolicy policy = policy(random);
            Optional<Placement> weaker = Optional.empty();
            for (Isolation isolation : LADDER) {
                if (decide(isolation, policy, cluster) instanceof Decision.Admitted admitted) {
                    Placement stronger = admitted.placement();
                    compared += weaker.isPresent() ? 1 : 0;
                    int raised = seed;
                    weaker.ifPresent(below -> {
                        assertThat(stronger.handler())
                                .as("seed %s: %s after %s", raised, stronger, below)
                                .isGreaterThanOrEqualTo(below.handler());
                        assertThat(stronger.isolation()).isGreaterThanOrEqualTo(below.isolation());
                        assertThat(stronger.cluster().orElseThrow().dedicated())
                                .isIn(true, below.cluster().orElseThrow().dedicated());
                    });
                    weaker = Optional.of(stronger);
                }
            }
        }
        assertThat(compared).isGreaterThan(CLUSTERS / 20);
    }

    @Test
    void what_is_admitted_is_proven() {
        int admittedOnes = 0;
        for (int seed = 0; seed < CLUSTERS; seed++) {
            Random random = new Random(seed);
            ClusterFixture cluster = cluster(random);
            IsolationPolicy policy = policy(random);
            Isolation isolation = one(random, Isolation.values());
            if (decide(isolation, policy, cluster) instanceof Decision.Admitted admitted) {
                admittedOnes++;
                proven(seed, admitted.placement(), cluster, policy);
            }
        }
        assertThat(admittedOnes).isGreaterThan(CLUSTERS / 20);
    }

    /** Written against the manual's table, and not against the gate. */
    private static void proven(int seed, Placement placement, ClusterFixture cluster, IsolationPolicy policy) {
        Placement.InCluster place = placement.cluster().orElseThrow();
        String handler = place.runtimeClass().map(RuntimeClassFact::handler).orElse("");
        boolean plain = placement.isolation() == Isolation.TRUSTED
                || (placement.isolation() == Isolation.STANDARD && policy.isStandardWithoutBoundary());

        assertThat(policy.kindOf(handler)).as("seed %s", seed).contains(placement.handler());
        assertThat(placement.handler())
                .as("seed %s: %s", seed, placement)
                .isIn(
                        plain
                                ? List.of(HandlerKind.RUNC, HandlerKind.GVISOR, HandlerKind.KATA)
                                : placement.isolation() == Isolation.HOSTILE
                                        ? List.of(HandlerKind.KATA)
                                        : placement.isolation() == Isolation.WASM
                                                ? List.of(HandlerKind.WASM)
                                                : List.of(HandlerKind.GVISOR, HandlerKind.KATA));
        assertThat(place.runtimeClass().isPresent() || plain)
                .as("seed %s", seed)
                .isTrue();
        for (NodeId id : place.nodes()) {
            NodeFact node = ClusterFixture.seen(cluster.nodes()).stream()
                    .filter(each -> each.id().equals(id))
                    .findFirst()
                    .orElseThrow();
            assertThat(node.unfit()).as("seed %s: %s", seed, id).isEmpty();
            if (place.runtimeClass().isPresent()) {
                assertThat(node.handlers().orElseThrow())
                        .as("seed %s: %s", seed, id)
                        .anyMatch(listed -> listed.name().equals(handler));
            }
            if (placement.isolation() == Isolation.HOSTILE) {
                assertThat(node.taints()).contains(policy.dedicatedNodes().taint());
                assertThat(node.labels())
                        .containsEntry(
                                policy.dedicatedNodes().label(),
                                policy.dedicatedNodes().labelValue());
            }
        }
        assertThat(ClusterFixture.seen(cluster.fence()).widening()).isEmpty();
        assertThat(ClusterFixture.seen(cluster.fence()).baseline()).isNotEmpty().allMatch(BaselinePart::holds);
        assertThat(ClusterFixture.seen(cluster.namespace()).baseline())
                .isNotEmpty()
                .allMatch(BaselinePart::holds);
        if (placement.isolation() == Isolation.HOSTILE && policy.needsAdmissionPolicy(Isolation.HOSTILE)) {
            assertThat(ClusterFixture.seen(cluster.admission()).holds()).isTrue();
        }
    }

    private static Decision decide(Isolation isolation, IsolationPolicy policy, ClusterFixture cluster) {
        return Gate.decide(PlainAgents.of(isolation), policy, cluster.facts(), ClusterFixture.NOW);
    }

    /** Where the operator asks for no boundary, one that is no longer proven is let go, and the evidence says so. */
    private static boolean excused(Decision.Admitted admitted, IsolationPolicy policy) {
        return admitted.placement().isolation() == Isolation.STANDARD && policy.isStandardWithoutBoundary();
    }

    private static List<NodeId> nodes(Decision.Admitted admitted) {
        return admitted.placement().cluster().orElseThrow().nodes();
    }

    /** The same cluster with one fact less: each of them untold, or too old, or each node silent about its handlers. */
    private static List<ClusterFixture> poorer(ClusterFixture c) {
        Duration old = Duration.ofMinutes(20);
        return List.of(
                c.apiServer(ClusterFixture.untold(c.apiServer(), "gone")),
                c.apiServer(ClusterFixture.aged(c.apiServer(), old)),
                c.runtimeClasses(ClusterFixture.untold(c.runtimeClasses(), "gone")),
                c.runtimeClasses(ClusterFixture.aged(c.runtimeClasses(), old)),
                c.nodes(ClusterFixture.untold(c.nodes(), "gone")),
                c.nodes(ClusterFixture.aged(c.nodes(), old)),
                c.namespace(ClusterFixture.untold(c.namespace(), "gone")),
                c.namespace(ClusterFixture.aged(c.namespace(), old)),
                c.fence(ClusterFixture.untold(c.fence(), "gone")),
                c.fence(ClusterFixture.aged(c.fence(), old)),
                c.admission(ClusterFixture.untold(c.admission(), "gone")),
                c.admission(ClusterFixture.aged(c.admission(), old)),
                c.nodes() instanceof Fact.Seen<?> ? c.everyNode(GateModelTest::silent) : c);
    }

    private static NodeFact silent(NodeFact node) {
        return new NodeFact(
                node.id(),
                node.versions(),
                node.labels(),
                node.taints(),
                node.unfit(),
                Optional.empty(),
                node.devices());
    }

    private static ClusterFixture cluster(Random random) {
        ClusterFixture full = ClusterFixture.full();
        ClusterFixture cluster = full.withClasses(
                        many(random, 4, GateModelTest::runtimeClass).toArray(new RuntimeClassFact[0]))
                .withNodes(many(random, 5, GateModelTest::node).toArray(new NodeFact[0]));
        cluster =
                rarely(random) ? cluster.runtimeClasses(ClusterFixture.untold(full.runtimeClasses(), "403")) : cluster;
        cluster = rarely(random) ? cluster.nodes(ClusterFixture.untold(full.nodes(), "timeout")) : cluster;
        cluster = rarely(random) ? cluster.withNamespace(BaselinePart.changed("tenant label", "another's")) : cluster;
        cluster = rarely(random) ? cluster.withFence(List.of("one more"), BaselinePart.present("all")) : cluster;
        cluster = rarely(random) ? cluster.withFence(List.of()) : cluster;
        cluster = rarely(random) ? cluster.withAdmission(BaselinePart.missing("policy", "")) : cluster;
        cluster = rarely(random)
                ? cluster.apiServer(Fact.seen(
                        new ApiServerFact("v1.31.0", ClusterFixture.NOW.plusSeconds(random.nextInt(120))),
                        "GET /version",
                        ClusterFixture.NOW))
                : cluster;
        return rarely(random)
                ? cluster.nodes(ClusterFixture.aged(cluster.nodes(), Duration.ofSeconds(random.nextInt(400))))
                : cluster;
    }

    private static RuntimeClassFact runtimeClass(Random random, int at) {
        String handler = one(random, "runsc", "runsc", "kata-qemu", "kata-qemu", "kata-clh", "runc", "spin", "strange");
        if (random.nextInt(3) > 0) {
            return ClusterFixture.runtimeClass("class" + at, handler);
        }
        TreeMap<String, String> selector = new TreeMap<>();
        if (random.nextBoolean()) {
            selector.put("pool", one(random, "a", "b"));
        }
        List<Toleration> tolerations = random.nextBoolean()
                ? List.of(new Toleration(
                        "team", one(random, "Exists", "Equal", "Gt"), "x", one(random, "", "NoSchedule")))
                : List.of();
        return ClusterFixture.scheduled("class" + at, handler, new Scheduling(selector, tolerations));
    }

    private static NodeFact node(Random random, int at) {
        List<String> handlers = new ArrayList<>(List.of(""));
        for (String each : List.of("runc", "runsc", "kata-qemu", "kata-clh", "spin", "strange")) {
            if (random.nextInt(3) > 0) {
                handlers.add(each);
            }
        }
        NodeFact node = ClusterFixture.node(
                "node" + at, random.nextInt(8) == 0 ? new String[0] : handlers.toArray(new String[0]));
        IsolationPolicy.DedicatedNodes marks = IsolationPolicy.DedicatedNodes.SHIPPED;
        List<Taint> taints = new ArrayList<>();
        if (random.nextInt(2) == 0) {
            node = ClusterFixture.labelled(node, marks.label(), one(random, "hostile", "hostile", "other"));
            if (random.nextInt(4) > 0) {
                taints.add(marks.taint());
            }
        }
        if (random.nextInt(5) == 0) {
            taints.add(new Taint(
                    "team", one(random, "x", "y"), one(random, "NoSchedule", "NoExecute", "PreferNoSchedule")));
        }
        node = ClusterFixture.tainted(node, taints.toArray(new Taint[0]));
        node = random.nextInt(3) == 0 ? ClusterFixture.labelled(node, "pool", one(random, "a", "b")) : node;
        return random.nextInt(6) == 0 ? ClusterFixture.unfit(node, "not ready") : node;
    }

    private static IsolationPolicy policy(Random random) {
        IsolationPolicy policy = IsolationPolicy.safeDefaults();
        policy = random.nextInt(4) == 0 ? policy.atLeast(one(random, LADDER.toArray(new Isolation[0]))) : policy;
        policy = random.nextInt(3) == 0 ? policy.standardWithoutBoundary() : policy;
        policy = random.nextInt(3) == 0 ? policy.handler("spin", HandlerKind.WASM) : policy;
        policy = random.nextInt(3) == 0 ? policy.admissionPolicyFor(List.of(one(random, Isolation.values()))) : policy;
        return random.nextInt(3) == 0 ? policy.maxFactAge(Duration.ofSeconds(1 + random.nextInt(600))) : policy;
    }

    private interface Maker<T> {
        T make(Random random, int at);
    }

    private static <T> List<T> many(Random random, int most, Maker<T> maker) {
        List<T> all = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            all.add(maker.make(random, i));
        }
        return all;
    }

    @SafeVarargs
    private static <T> T one(Random random, T... from) {
        return from[random.nextInt(from.length)];
    }

    private static boolean rarely(Random random) {
        return random.nextInt(12) == 0;
    }
}
