package dev.lantern.journal.jdbc;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The rule of every group: a run is in it at most once. */
final class OncePerRun {
    private OncePerRun() {}

    static <T> void check(String attempt, List<T> group, Function<T, ?> run) {
        Set<Object> seen = new LinkedHashSet<>();
        for (T entry : group) {
            Object name = run.apply(entry);
            if (!seen.add(name)) {
                throw new IllegalArgumentException(attempt + ": run " + name
                        + " is in the group twice; a group holds each run once, so join its events or send two groups");
            }
        }
    }
}
