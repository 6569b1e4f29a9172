package dev.lantern.benchmarks;

import java.util.Locale;

/** One goal and what was measured. */
record Figure(String name, double value, String unit, String operator, double target) {

    static Figure atLeast(String name, double value, String unit, double target) {
        return new Figure(name, value, unit, ">=", target);
    }

    static Figure atMost(String name, double value, String unit, double target) {
        return new Figure(name, value, unit, "<=", target);
    }

    void print() {
        boolean met = operator.equals(">=") ? value >= target : value <= target;
        System.out.printf(
                Locale.ROOT,
                "figure %s %.2f %s goal %s %.2f %s%n",
                name,
                value,
                unit,
                operator,
                target,
                met ? "MET" : "MISSED");
    }
}
