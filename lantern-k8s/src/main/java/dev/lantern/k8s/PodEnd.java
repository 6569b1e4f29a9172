package dev.lantern.k8s;

import dev.lantern.substrate.InstanceEnd;

/**
 * How an instance ended in the cluster, or what keeps it from starting.
 *
 * @param end what the engine is told: an exit is charged to the agent, everything else to the infrastructure
 * @param cause what it was
 * @param said one line for a person
 * @param mayPass whether the cluster goes on trying, so that nothing has ended yet: how long to wait is the caller's affair
 */
record PodEnd(InstanceEnd end, Cause cause, String said, boolean mayPass) {

    /** What ended an instance. */
    enum Cause {
        /** The agent ended by itself. */
        EXIT,
        /** The agent took more memory than it has. */
        OUT_OF_MEMORY,
        /** The agent filled a volume or its disk. */
        EXCESS,
        /** The node ran short, was drained or shut down. */
        EVICTED,
        /** Somebody more important needed the place. */
        PREEMPTED,
        /** The node is gone, or nobody hears of it. */
        NODE_LOST,
        /** The cluster ended it at its deadline. */
        DEADLINE,
        /** The harness started a second time, and the agent with nobody beside it. */
        HARNESS_RESTARTED,
        /** Somebody deleted the pod. */
        DELETED,
        /** It did not start. */
        NOT_STARTED,
        /** The kubelet ended it for a reason of its own. */
        OTHER
    }

    /** The agent's doing. */
    static PodEnd exited(Cause cause, int code, String said) {
        return new PodEnd(new InstanceEnd.Exited(code, said), cause, said, false);
    }

    /** The infrastructure's doing. */
    static PodEnd lost(Cause cause, String said) {
        return new PodEnd(new InstanceEnd.Lost(said), cause, said, false);
    }

    /** It did not start, and will not. */
    static PodEnd notStarted(String said, boolean forGood) {
        return new PodEnd(new InstanceEnd.StartFailed(said, forGood), Cause.NOT_STARTED, said, false);
    }

    /** It has not started yet, and this is why. */
    static PodEnd notYet(String said) {
        return new PodEnd(new InstanceEnd.StartFailed(said, false), Cause.NOT_STARTED, said, true);
    }
}
