package dev.lantern.testkit.sim;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Runs many seeds and tells the whole story of the first that fails. */
final class Simulate {
    private static final double NANOS = 1e9;

    private final PrintStream out;
    private final LongSupplier nanos;
    private final Map<String, Integer> endings = new TreeMap<>();
    private long done;
    private long failed;
    private long instances;
    private long writes;
    private long moves;
    private long replies;

    /** @param nanos the clock on the wall, to know when to stop */
    Simulate(PrintStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
    }

    /** @param seconds no seed is begun after so many; those left out are named */
    void run(long first, long count, long seconds) {
        long began = nanos.getAsLong();
        for (long seed = first; seed < first + count; seed++) {
            if (nanos.getAsLong() - began > seconds * NANOS) {
                out.println("simulation: left out seeds " + seed + " to " + (first + count - 1) + ", the time of "
                        + seconds + " s is over");
                break;
            }
            run(seed);
        }
        double minutes = (nanos.getAsLong() - began) / NANOS / 60;
        out.printf(
                Locale.ROOT,
                "simulation: seeds %d to %d, %d runs %s, %d instances, %d writes, %d moves, %d replies, %.0f seeds a minute%n",
                first,
                first + done - 1,
                runs(),
                endings,
                instances,
                writes,
                moves,
                replies,
                done / minutes);
        out.println("figure simulation-failed-seeds " + failed + " of-" + done + " goal = 0 "
                + (failed == 0 ? "MET" : "MISSED"));
    }

    private void run(long seed) {
        SimResult result = new SimWorld(seed, new Seams(), false).run();
        done++;
        instances += result.counts().instances();
        writes += result.counts().writes();
        moves += result.counts().moves();
        replies += result.counts().replies();
        result.endings().forEach((status, count) -> endings.merge(status, count, Integer::sum));
        if (!result.holds()) {
            failed++;
            out.println(
                    failed == 1
                            ? new SimWorld(seed, new Seams(), true).run().report()
                            : "seed " + seed + " fails: " + result.defects().get(0));
        }
    }

    long failed() {
        return failed;
    }

    long done() {
        return done;
    }

    long instances() {
        return instances;
    }

    long writes() {
        return writes;
    }

    int runs() {
        return endings.values().stream().mapToInt(Integer::intValue).sum();
    }

    Map<String, Integer> endings() {
        return endings;
    }
}
