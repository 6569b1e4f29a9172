package dev.lantern.k8s;

/**
 * One place where what was persisted is not what was asked for.
 *
 * @param pointer where, as a JSON pointer (RFC 6901)
 * @param expected what the template has, shown without anything that could be a secret
 * @param found what was persisted, shown likewise
 * @param drift what it means
 */
record Difference(String pointer, String expected, String found, Drift drift) {

    static Difference of(Delta delta) {
        return new Difference(
                // A path is chosen by whoever wrote the object.
                Shown.plain(delta.pointer()),
                Shown.value(delta.path(), delta.expected()),
                Shown.value(delta.path(), delta.found()),
                Drift.of(delta));
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return pointer + ": expected " + expected + ", found " + found + ": " + drift.meaning();
    }
}
