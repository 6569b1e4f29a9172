package dev.lantern.k8s;

import java.util.Optional;

/**
 * Something to be found out, one request after the other. Used by one thread at a time.
 *
 * @param <R> what the body of each answer is read as
 */
interface Question<R> {

    /** The first request. */
    Get first();

    /** Reads the bodies, one after the other. */
    BodyReader<R> reader();

    /** What to ask next; empty when there is nothing more to ask, which it is after each {@link Outcome.Lost}. */
    Optional<Get> next(Outcome<R> outcome);
}
