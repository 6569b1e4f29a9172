package dev.lantern.k8s;

import dev.lantern.gate.HandlerKind;
import dev.lantern.spec.Isolation;
import dev.lantern.value.LanternException;
import java.util.List;
import java.util.Optional;

/**
 * What the gate admitted the instance to.
 *
 * @param isolation the effective class: the spec's own, or a higher one that policy raised it to
 * @param kind what stands behind the RuntimeClass
 * @param runtimeClass empty only for {@code runc}
 * @param userNamespaces whether the handler says it supports them; elsewhere the kubelet would refuse the pod
 * @param dedicated how pods get onto nodes that are kept for hostile agents; empty for every other class
 */
record Boundary(
        Isolation isolation,
        HandlerKind kind,
        Optional<PinnedClass> runtimeClass,
        boolean userNamespaces,
        Optional<Toleration> dedicated) {

    /**
     * The gate has decided already. Nothing weaker than a policy may admit leaves this module, whatever went wrong before;
     * that is runc for {@code standard}, because the policy, which may excuse it, is not known here.
     */
    Boundary {
        if (!strongEnough(isolation).contains(kind)) {
            throw new LanternException("isolation " + isolation.text() + " does not run on " + kind + "; allowed are "
                    + strongEnough(isolation));
        }
        if (kind != HandlerKind.RUNC && runtimeClass.isEmpty()) {
            throw new LanternException(kind + " needs a RuntimeClass: without one the pod runs on the node's default");
        }
        if (isolation == Isolation.HOSTILE && dedicated.isEmpty()) {
            throw new LanternException("isolation hostile needs the toleration of a taint on nodes kept for it");
        }
        if (isolation != Isolation.HOSTILE && dedicated.isPresent()) {
            throw new LanternException(
                    "isolation " + isolation.text() + " does not run on nodes that are kept for hostile agents");
        }
    }

    static Boundary of(Isolation isolation, HandlerKind kind, PinnedClass runtimeClass) {
        return new Boundary(isolation, kind, Optional.of(runtimeClass), false, Optional.empty());
    }

    private static List<HandlerKind> strongEnough(Isolation isolation) {
        return switch (isolation) {
            case TRUSTED -> List.of(HandlerKind.RUNC, HandlerKind.GVISOR, HandlerKind.KATA);
            case STANDARD -> List.of(HandlerKind.GVISOR, HandlerKind.KATA, HandlerKind.RUNC);
            case UNTRUSTED -> List.of(HandlerKind.GVISOR, HandlerKind.KATA);
            case HOSTILE -> List.of(HandlerKind.KATA);
            case WASM -> List.of(HandlerKind.WASM);
            case DEVCONTAINER -> List.of(HandlerKind.GVISOR, HandlerKind.KATA);
        };
    }
}
