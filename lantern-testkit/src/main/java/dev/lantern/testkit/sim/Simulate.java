package dev.lantern.testkit.sim;

import java.io.PrintStream;
import java.util.Locale;

/** Runs many seeds and tells about the first that fails: {@code Simulate <first seed> <how many> [seconds at most]}. */
public final class Simulate {
    private Simulate() {}

    public static void main(String[] arguments) {
        long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
        long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : 200;
        long seconds = arguments.length > 2 ? Long.parseLong(arguments[2]) : Long.MAX_VALUE / 1_000_000_000L;
        System.exit(run(first, count, seconds, System.out) ? 0 : 1);
    }

    /** @return whether every seed that was run held */
    static boolean run(long first, long count, long seconds, PrintStream out) {
        long began = System.nanoTime();
        long failed = 0;
        long done = 0;
        long writes = 0;
        long instances = 0;
        for (long seed = first; seed < first + count; seed++) {
            if (System.nanoTime() - began > seconds * 1_000_000_000L) {
                out.printf(
                        Locale.ROOT, "simulate: left out seeds %d to %d: the time is over%n", seed, first + count - 1);
                break;
            }
            SimResult result = new SimWorld(seed, new Seams(), false).run();
            done++;
            writes += result.counts().writes();
            instances += result.counts().instances();
            if (!result.holds()) {
                if (failed == 0) {
                    out.println(new SimWorld(seed, new Seams(), true).run().report());
                } else {
                    out.println("seed " + seed + " fails: " + result.defects().get(0));
                }
                failed++;
            }
        }
        double minutes = (System.nanoTime() - began) / 60e9;
        out.printf(
                Locale.ROOT,
                "simulate: seeds %d to %d, %d failed, %d instances, %d writes, %.0f seeds a minute%n",
                first,
                first + done - 1,
                failed,
                instances,
                writes,
                done / minutes);
        return failed == 0;
    }
}
