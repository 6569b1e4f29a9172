package dev.lantern.testkit.sim;

import dev.lantern.gate.ApiServerFact;
import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.ClusterFacts;
import dev.lantern.gate.Fact;
import dev.lantern.gate.FenceFact;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NamespaceFact;
import dev.lantern.gate.NodeFact;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.RuntimeClassFact;
import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What instances stand on: nodes, a RuntimeClass, a fence and the operator's policy, all of which change under them. */
final class Ground {
    /** How long a fact counts: short, so that slow calls make facts too old. */
    static final Duration FACTS_LAST = Duration.ofSeconds(5);

    private static final String SANDBOX = "runsc";
    private static final IsolationPolicy BASE =
            IsolationPolicy.safeDefaults().maxFactAge(FACTS_LAST).admissionPolicyFor(List.of());

    private final List<Machine> machines = new ArrayList<>();
    private IsolationPolicy policy;
    private int runtimeClassLives = 1;
    private int holesInTheFence;

    /** @param dice all machines but the first may lack the sandbox */
    Ground(Dice dice) {
        int count = dice.between(2, 4);
        for (int i = 1; i <= count; i++) {
            machines.add(new Machine("node-" + i, i == 1 || dice.chance(0.7)));
        }
        policy = draw(dice);
    }

    private static final class Machine {
        private final String name;
        private final boolean sandbox;
        private int boots = 1;
        private int drains;

        Machine(String name, boolean sandbox) {
            this.name = name;
            this.sandbox = sandbox;
        }

        NodeId id() {
            return new NodeId(name, "uid-" + name, "boot-" + boots);
        }

        boolean fit() {
            return drains == 0;
        }

        NodeFact fact() {
            List<NodeFact.Handler> handlers = new ArrayList<>(List.of(new NodeFact.Handler("", false)));
            if (sandbox) {
                handlers.add(new NodeFact.Handler(SANDBOX, false));
            }
            return new NodeFact(
                    id(),
                    new NodeFact.Versions("v1.36.1", "6.12", "containerd://2.1.4"),
                    new TreeMap<>(),
                    List.of(),
                    fit() ? List.of() : List.of("cordoned"),
                    Optional.of(handlers),
                    new TreeMap<>());
        }
    }

    // -- what the gate is told ---------------------------------------------------------------------------------

    IsolationPolicy policy() {
        return policy;
    }

    /**
     * What a look shows.
     *
     * @param at when it is made, by the clock of whoever looks
     * @param nodesTold whether the question for the nodes is answered
     */
    ClusterFacts facts(String tenant, Instant at, boolean nodesTold) {
        List<BaselinePart> fence = List.of(
                holesInTheFence == 0
                        ? BaselinePart.present("NetworkPolicy deny-all")
                        : BaselinePart.missing("NetworkPolicy deny-all", "somebody deleted it"));
        return new ClusterFacts(
                "simulated cluster",
                tenant,
                // Clocks jump, and that facts grow old is tried by other means.
                Fact.seen(new ApiServerFact("v1.36.1", at), "version", at),
                Fact.seen(List.of(runtimeClass()), "runtimeclasses", at),
                nodesTold
                        ? Fact.seen(machines.stream().map(Machine::fact).toList(), "nodes", at)
                        : Fact.untold("no answer", "nodes", at),
                Fact.seen(
                        new NamespaceFact("agents", "uid-agents", List.of(BaselinePart.present("tenant label"))),
                        "namespace",
                        at),
                Fact.seen(new FenceFact(fence, List.of()), "networkpolicies", at),
                Fact.untold("nobody looked", "admission policies", at));
    }

    private RuntimeClassFact runtimeClass() {
        return new RuntimeClassFact("gvisor", "uid-" + runtimeClassLives, SANDBOX, Optional.empty(), new TreeMap<>());
    }

    // -- what is true ------------------------------------------------------------------------------------------

    /** The nodes that are fit for a boundary now. */
    List<NodeId> fitFor(Optional<RuntimeClassFact> runtimeClass) {
        return machines.stream()
                .filter(machine -> machine.fit() && (machine.sandbox || runtimeClass.isEmpty()))
                .map(Machine::id)
                .toList();
    }

    /** What stands behind a node's name now. */
    NodeId node(String name) {
        return machine(name).id();
    }

    List<String> names() {
        return machines.stream().map(machine -> machine.name).toList();
    }

    private Machine machine(String name) {
        return machines.stream()
                .filter(machine -> machine.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    // -- what happens to it ------------------------------------------------------------------------------------

    void restart(String node) {
        machine(node).boots++;
    }

    void drain(String node) {
        machine(node).drains++;
    }

    void undrain(String node) {
        machine(node).drains--;
    }

    void breakFence() {
        holesInTheFence++;
    }

    void mendFence() {
        holesInTheFence--;
    }

    void remakeRuntimeClass() {
        runtimeClassLives++;
    }

    /** The operator decides anew, for better or for worse. */
    void changePolicy(Dice dice) {
        policy = draw(dice);
    }

    private static IsolationPolicy draw(Dice dice) {
        IsolationPolicy policy =
                dice.chance(0.5) ? BASE.atLeast(dice.pick(List.of(Isolation.STANDARD, Isolation.UNTRUSTED))) : BASE;
        return dice.chance(0.5) ? policy.standardWithoutBoundary() : policy;
    }
}
