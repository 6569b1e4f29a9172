package dev.lantern.value;

import dev.lantern.value.internal.Names;

/**
 * Names one run: a tenant and the run's id within it.
 *
 * <p>Both are 1 to 128 characters of {@code A-Z a-z 0-9 . _ -} and begin and end with a letter or a digit, so
 * they stand in labels, paths and SPIFFE ids without escaping.
 *
 * @param tenant whose run it is
 * @param run the run's id; within a tenant it is the idempotency key of the spawn
 */
public record RunRef(String tenant, String run) implements Comparable<RunRef> {

    /** @throws LanternException if either part breaks the rule above; the message names it */
    public RunRef {
        Names.checked("tenant", tenant);
        Names.checked("run id", run);
    }

    /** Orders by tenant, then by run id: the order in which groups lock rows. */
    @Override
    public int compareTo(RunRef other) {
        int byTenant = tenant.compareTo(other.tenant);
        return byTenant != 0 ? byTenant : run.compareTo(other.run);
    }

    /** {@code tenant/run}. */
    @Override
    public String toString() {
        return tenant + "/" + run;
    }
}
