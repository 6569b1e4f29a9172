package dev.lantern.testkit.sim;

import java.util.List;
import java.util.Map;

/**
 * What became of one seed.
 *
 * @param defects what must not have happened; empty when every invariant held
 * @param digest over every write, every reply and the end of every chain
 * @param timeline the story in words, if it was asked for
 * @param endings how many runs ended how
 */
record SimResult(
        long seed,
        List<String> defects,
        String digest,
        List<String> timeline,
        Counts counts,
        Map<String, Integer> endings) {

    /** How much happened. */
    record Counts(int runs, int hosts, int instances, long writes, long moves, int replies) {}

    boolean holds() {
        return defects.isEmpty();
    }

    /** For a person who has to find out why. */
    String report() {
        StringBuilder report = new StringBuilder("seed " + seed + " fails:\n");
        timeline.forEach(line -> report.append(line).append('\n'));
        report.append("seed ").append(seed).append(" fails:\n");
        defects.forEach(defect -> report.append("  - ").append(defect).append('\n'));
        return report.toString();
    }
}
