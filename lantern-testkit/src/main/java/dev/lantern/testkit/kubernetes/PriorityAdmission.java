package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A pod's priority: a number from its class, 0 without one. */
final class PriorityAdmission {
    private final Store store;

    PriorityAdmission(Store store) {
        this.store = store;
    }

    void admit(ObjectNode pod) {
        ObjectNode spec = Trees.child(pod, "spec");
        String name = spec.path("priorityClassName").asText();
        long priority = 0;
        String preemption = "PreemptLowerPriority";
        if (!name.isEmpty()) {
            ObjectNode priorityClass = store.find(Key.of(Types.PRIORITY_CLASSES, name))
                    .map(Stored::tree)
                    .orElseThrow(() -> Statuses.forbidden(
                            Types.PODS, PodRules.nameOf(pod), "no PriorityClass with name " + name + " was found"));
            priority = priorityClass.path("value").asLong();
            preemption = priorityClass.path("preemptionPolicy").asText(preemption);
        }
        if (spec.has("priority") && spec.path("priority").asLong() != priority) {
            throw Statuses.forbidden(
                    Types.PODS,
                    PodRules.nameOf(pod),
                    "the integer value of priority (" + spec.path("priority").asLong()
                            + ") must not be provided in pod spec; priority admission controller computed " + priority
                            + " from the given PriorityClass name");
        }
        spec.put("priority", priority);
        Trees.putAbsent(spec, "preemptionPolicy", preemption);
    }
}
