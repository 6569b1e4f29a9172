package dev.lantern.core.gate;

import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.spec.Isolation;
import java.util.List;
import java.util.Optional;

/**
 * What a class demands under a policy: the table of the manual, one row.
 *
 * <p>The boundaries of each class are among those of the class below it, so what is right for a class is never too weak
 * for one that is weaker.
 *
 * @param isolation the class that the agent runs under
 * @param kinds the boundaries that satisfy it, preferred first
 * @param dedicated whether no other tenant's pod may stand on its node
 * @param openNetworks whether it may reach more than its egress rules name
 * @param admissionPolicy whether the ValidatingAdmissionPolicy has to stand
 * @param kept what an earlier instance of the run had, where that demands more than the policy does
 */
record Demands(
        Isolation isolation,
        List<HandlerKind> kinds,
        boolean dedicated,
        boolean openNetworks,
        boolean admissionPolicy,
        Optional<Strength> kept) {

    /** Empty if the policy's floor and the class exclude each other. */
    static Optional<Demands> of(Isolation asked, IsolationPolicy policy) {
        return raised(asked, policy).map(isolation -> forClass(isolation, policy));
    }

    private static Demands forClass(Isolation isolation, IsolationPolicy policy) {
        return new Demands(
                isolation,
                kinds(isolation, policy),
                isolation == Isolation.HOSTILE,
                isolation == Isolation.TRUSTED
                        || isolation == Isolation.STANDARD
                        || isolation == Isolation.DEVCONTAINER,
                policy.needsAdmissionPolicy(isolation),
                Optional.empty());
    }

    /**
     * These demands, and no less than an earlier instance had: whatever the policy says by now, a run keeps what it began
     * with. Empty if the two classes cannot be compared.
     */
    Optional<Demands> noWeakerThan(Strength earlier, IsolationPolicy policy) {
        return Strength.stronger(isolation, earlier.isolation()).map(stronger -> {
            Demands raised = forClass(stronger, policy);
            List<HandlerKind> strongEnough =
                    raised.kinds().stream().filter(earlier::isMetBy).toList();
            boolean more = stronger != isolation || !strongEnough.equals(raised.kinds());
            return new Demands(
                    stronger,
                    strongEnough,
                    raised.dedicated(),
                    raised.openNetworks(),
                    raised.admissionPolicy(),
                    more ? Optional.of(earlier) : Optional.empty());
        });
    }

    /** What to say where something was demanded for the sake of an earlier instance; else nothing. */
    String keptText() {
        return kept.map(strength ->
                        ", and no weaker than the " + strength.text() + " of an earlier instance of this run")
                .orElse("");
    }

    static List<HandlerKind> kinds(Isolation isolation, IsolationPolicy policy) {
        return switch (isolation) {
            case TRUSTED -> List.of(HandlerKind.PROCESS, HandlerKind.RUNC, HandlerKind.GVISOR, HandlerKind.KATA);
            case STANDARD ->
                policy.isStandardWithoutBoundary()
                        ? List.of(HandlerKind.GVISOR, HandlerKind.KATA, HandlerKind.RUNC)
                        : List.of(HandlerKind.GVISOR, HandlerKind.KATA);
            case UNTRUSTED, DEVCONTAINER -> List.of(HandlerKind.GVISOR, HandlerKind.KATA);
            case HOSTILE -> List.of(HandlerKind.KATA);
            case WASM -> List.of(HandlerKind.WASM);
        };
    }

    private static Optional<Isolation> raised(Isolation asked, IsolationPolicy policy) {
        Isolation floor = policy.floor().orElse(Isolation.TRUSTED);
        return switch (asked) {
            case TRUSTED, STANDARD, UNTRUSTED, HOSTILE -> Optional.of(asked.compareTo(floor) >= 0 ? asked : floor);
            case DEVCONTAINER -> floor.compareTo(Isolation.STANDARD) <= 0 ? Optional.of(asked) : Optional.empty();
            case WASM -> floor == Isolation.TRUSTED ? Optional.of(asked) : Optional.empty();
        };
    }
}
