package dev.lantern.substrate;

import dev.lantern.value.RunRef;

/**
 * Names one incarnation of a run.
 *
 * @param run the run
 * @param epoch the incarnation's number, from 1
 */
public record InstanceRef(RunRef run, int epoch) implements Comparable<InstanceRef> {

    @Override
    public int compareTo(InstanceRef other) {
        int byRun = run.compareTo(other.run);
        return byRun != 0 ? byRun : Integer.compare(epoch, other.epoch);
    }

    /** {@code tenant/run@epoch}. */
    @Override
    public String toString() {
        return run + "@" + epoch;
    }
}
