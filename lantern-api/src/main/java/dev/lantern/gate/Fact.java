package dev.lantern.gate;

import java.time.Instant;
import java.util.Objects;

/**
 * What one look at the world gave: what was seen, or why it could not be told.
 *
 * <p>A look that failed, was forbidden, was cut short or answered partially is {@link Untold}. There is no third answer,
 * so nobody can take "no answer" for "nothing there". Immutable.
 *
 * @param <T> what is looked for; an immutable value
 */
public sealed interface Fact<T> {

    /** Who was asked what, such as {@code GET /api/v1/nodes}. */
    String source();

    /** When the question was put, by the clock of whoever asked. What was answered may be younger, never older. */
    Instant at();

    /** A complete answer. */
    static <T> Fact<T> seen(T value, String source, Instant at) {
        return new Seen<>(value, source, at);
    }

    /** No answer that could be relied on. */
    static <T> Fact<T> untold(String why, String source, Instant at) {
        return new Untold<>(why, source, at);
    }

    /**
     * Seen, and complete.
     *
     * @param value what was seen
     */
    record Seen<T>(T value, String source, Instant at) implements Fact<T> {
        public Seen {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * Not told.
     *
     * @param why why not, in words that say what to do about it where that is known
     */
    record Untold<T>(String why, String source, Instant at) implements Fact<T> {}
}
