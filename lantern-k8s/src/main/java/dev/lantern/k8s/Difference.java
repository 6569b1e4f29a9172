package dev.lantern.k8s;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One place where what was persisted is not what was asked for.
 *
 * @param pointer where, as a JSON pointer (RFC 6901)
 * @param expected what the template has, shown without anything that could be a secret
 * @param found what was persisted, shown likewise
 * @param drift what it means
 */
record Difference(String pointer, String expected, String found, Drift drift) {
    private static final int SHOWN = 3;

    static Difference of(Delta delta) {
        return new Difference(
                // A path is chosen by whoever wrote the object.
                Shown.plain(delta.pointer()),
                Shown.value(delta.path(), delta.expected()),
                Shown.value(delta.path(), delta.found()),
                Drift.of(delta));
    }

    /** The first few, on one line. */
    static String lines(List<Difference> differences) {
        String first =
                differences.stream().limit(SHOWN).map(Difference::toString).collect(Collectors.joining("; "));
        return differences.size() > SHOWN ? first + "; " + (differences.size() - SHOWN) + " more" : first;
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return pointer + ": expected " + expected + ", found " + found + ": " + drift.meaning();
    }
}
