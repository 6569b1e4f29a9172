package dev.lantern.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Contenders that take turns, so that whatever the machine does meanwhile meets all of them. A first turn of each
 * warms up and does not count; every round begins with another one.
 */
final class Rounds {
    /** One turn of a contender. */
    interface Turn {
        /** Its steps per second, or seconds, or whatever is compared. */
        double take() throws Exception;
    }

    private final String what;
    private final String unit;
    private final Map<String, Turn> turns = new LinkedHashMap<>();

    Rounds(String what, String unit) {
        this.what = what;
        this.unit = unit;
    }

    Rounds with(String contender, Turn turn) {
        turns.put(contender, turn);
        return this;
    }

    /** Lets everybody take {@code rounds} turns, prints each contender's median, least and most, and answers the medians. */
    Map<String, Double> take(int rounds) throws Exception {
        List<String> names = List.copyOf(turns.keySet());
        Map<String, List<Double>> taken = new LinkedHashMap<>();
        for (String name : names) {
            taken.put(name, new ArrayList<>());
            turn(name);
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                String name = names.get((round + i) % names.size());
                values(taken, name).add(turn(name));
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        for (String name : names) {
            double[] values =
                    values(taken, name).stream().mapToDouble(v -> v).sorted().toArray();
            medians.put(name, median(values));
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s: median %s %s of %d rounds (%s to %s)%n",
                    what,
                    name,
                    number(median(values)),
                    unit,
                    rounds,
                    number(values[0]),
                    number(values[values.length - 1]));
        }
        return medians;
    }

    private double turn(String name) throws Exception {
        Turn turn = turns.get(name);
        if (turn == null) {
            throw new IllegalStateException("nobody is called " + name);
        }
        return turn.take();
    }

    private static List<Double> values(Map<String, List<Double>> taken, String name) {
        return taken.computeIfAbsent(name, unknown -> new ArrayList<>());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
