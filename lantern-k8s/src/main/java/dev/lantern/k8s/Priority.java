package dev.lantern.k8s;

/**
 * A PriorityClass and what the API server makes of it in a pod.
 *
 * @param className its name
 * @param value its value
 * @param preemptionPolicy {@code Never} or {@code PreemptLowerPriority}
 */
record Priority(String className, int value, String preemptionPolicy) {
    /** What a pod without a class gets, where the cluster has no default class. */
    static final Priority NONE = new Priority("", 0, "PreemptLowerPriority");
}
