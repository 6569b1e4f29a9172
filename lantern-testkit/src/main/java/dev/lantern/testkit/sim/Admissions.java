package dev.lantern.testkit.sim;

import dev.lantern.gate.Decision;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.spec.AgentSpec;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the gate really said, what was really started on it, and whose boundary really broke. */
final class Admissions {

    /** One admission, and what it was used for. */
    static final class Admission {
        private final Placement placement;
        private final List<NodeId> verified;
        private final long lookedAt;
        private @Nullable InstanceRef usedFor;

        private Admission(Placement placement, List<NodeId> verified, long lookedAt) {
            this.placement = placement;
            this.verified = verified;
            this.lookedAt = lookedAt;
        }

        Placement placement() {
            return placement;
        }

        /** Every node that was fit for its boundary at that moment. */
        List<NodeId> verified() {
            return verified;
        }

        List<NodeId> nodes() {
            return placement.cluster().map(Placement.InCluster::nodes).orElse(List.of());
        }
    }

    private final Agenda agenda;
    private final Defects defects;
    private final Map<String, List<Admission>> admitted = new LinkedHashMap<>();
    private final Set<String> refused = new LinkedHashSet<>();
    private final Map<InstanceRef, Admission> started = new LinkedHashMap<>();
    private final Map<InstanceRef, NodeId> landed = new LinkedHashMap<>();
    private final Set<InstanceRef> violated = new LinkedHashSet<>();
    private final Set<InstanceRef> deceiving = new LinkedHashSet<>();

    Admissions(Agenda agenda, Defects defects) {
        this.agenda = agenda;
        this.defects = defects;
    }

    /**
     * The gate has decided.
     *
     * @param spec no two runs of a world have the same
     * @param verified what was fit for the admitted boundary when the facts were gathered
     * @param lookedAt when that was
     */
    void ruled(AgentSpec spec, Decision decision, List<NodeId> verified, long lookedAt) {
        if (decision instanceof Decision.Admitted yes) {
            admitted.computeIfAbsent(spec.name(), name -> new ArrayList<>())
                    .add(new Admission(yes.placement(), verified, lookedAt));
        } else {
            refused.add(spec.name());
        }
    }

    /** The start takes effect, and lands on a node. */
    @SuppressWarnings("ReferenceEquality") // not any admission that says the same: the very one
    void starts(InstanceStart start, NodeId node) {
        InstanceRef instance = start.instance();
        Optional<Admission> found = admitted.getOrDefault(start.spec().name(), List.of()).stream()
                .filter(admission -> admission.placement == start.placement())
                .findFirst();
        if (found.isEmpty()) {
            defects.found(instance + " starts on a decision that the gate did not make");
            return;
        }
        Admission admission = found.get();
        Duration age = Duration.ofNanos(agenda.nanos() - admission.lookedAt);
        if (admission.usedFor != null && !admission.usedFor.equals(instance)) {
            defects.found(instance + " starts on the decision that was made for " + admission.usedFor);
        }
        if (age.compareTo(Ground.FACTS_LAST) > 0) {
            defects.found(instance + " starts on facts that are " + age + " old");
        }
        if (!new HashSet<>(admission.verified).containsAll(admission.nodes())) {
            defects.found(instance + " may land on " + admission.nodes() + " of which only " + admission.verified
                    + " were fit");
        }
        admission.usedFor = instance;
        started.put(instance, admission);
        landed.put(instance, node);
    }

    void violated(InstanceRef instance) {
        violated.add(instance);
    }

    /** What is behind the instance's boundary is not what was admitted, which only its own harness can see. */
    void deceives(InstanceRef instance) {
        violated.add(instance);
        deceiving.add(instance);
    }

    // -- for the audit ---------------------------------------------------------------------------------------------

    /** What the instance was started on; empty if it never was. */
    Optional<Admission> of(InstanceRef instance) {
        return Optional.ofNullable(started.get(instance));
    }

    Optional<NodeId> nodeOf(InstanceRef instance) {
        return Optional.ofNullable(landed.get(instance));
    }

    boolean refused(AgentSpec spec) {
        return refused.contains(spec.name());
    }

    boolean deceived(InstanceRef instance) {
        return deceiving.contains(instance);
    }

    boolean isViolated(InstanceRef instance) {
        return violated.contains(instance);
    }
}
