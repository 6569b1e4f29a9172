package dev.lantern.core.turns;

/** What became of a blocking call: a value, or an exception that says that nothing is known. */
public sealed interface Outcome<T> {

    record Value<T>(T value) implements Outcome<T> {}

    record Failure<T>(Throwable cause) implements Outcome<T> {}
}
