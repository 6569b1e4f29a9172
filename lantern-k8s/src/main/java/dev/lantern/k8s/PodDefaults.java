package dev.lantern.k8s;

import dev.lantern.spec.Quantity;
import dev.lantern.value.LanternException;

/**
 * What a spec that says nothing gets, and what the harness gets. The harness has no processor limit: at 200m its start
 * takes four to ten seconds instead of one.
 *
 * @param vcpu for the agent
 * @param memory for the agent
 * @param scratch for the agent's {@code /tmp} and home
 * @param harnessVcpu requested for the harness
 * @param harnessMemory for the harness; what it writes into the memory-backed volumes is charged to it
 * @param gpuResource what a device plugin calls a GPU
 * @param harnessUser never 0
 * @param agentUser never 0 and not the harness's: files of one are closed to the other
 */
record PodDefaults(
        Quantity vcpu,
        Quantity memory,
        Quantity scratch,
        Quantity harnessVcpu,
        Quantity harnessMemory,
        String gpuResource,
        int harnessUser,
        int agentUser) {
    /** The group that both read the volumes by. */
    static final int GROUP = 65530;

    PodDefaults {
        if (harnessUser < 1 || agentUser < 1 || harnessUser == agentUser) {
            throw new LanternException("harness and agent need two different users, neither of them root; found "
                    + harnessUser + " and " + agentUser);
        }
    }

    static PodDefaults usual() {
        return new PodDefaults(
                Quantity.parse("500m"),
                Quantity.parse("512Mi"),
                Quantity.parse("1Gi"),
                Quantity.parse("50m"),
                Quantity.parse("192Mi"),
                "nvidia.com/gpu",
                65531,
                65532);
    }
}
