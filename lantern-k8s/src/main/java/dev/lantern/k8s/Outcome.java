package dev.lantern.k8s;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of one request.
 *
 * @param <R> what its body was read as
 */
sealed interface Outcome<R> {

    /** Just before the request was handed to the client. */
    Instant askedAt();

    /**
     * Answered, and read to the end.
     *
     * @param date the API server's clock, if it told
     */
    record Told<R>(R body, Optional<Instant> date, Instant askedAt) implements Outcome<R> {}

    /**
     * Answered with something else than success.
     *
     * @param reason the {@code reason} of the {@code Status}; empty if the answer was none
     * @param name the object that the {@code Status} is about; empty if it names none
     * @param message what the API server said, on one line
     * @param retryAfter when it wants to be asked again
     */
    record Refused<R>(
            int code, String reason, String name, String message, Optional<Duration> retryAfter, Instant askedAt)
            implements Outcome<R> {

        /** Whether the API server says of itself that another try may help. */
        boolean mayPass() {
            return code == 429 || code >= 500;
        }

        /** Whether the object is not there, said by somebody who serves objects of that kind. */
        boolean isMissing(String asked) {
            return code == 404 && reason.equals("NotFound") && name.equals(asked);
        }
    }

    /**
     * Not answered, or not with anything that can be relied on.
     *
     * @param why what happened, and what to do about it
     */
    record Lost<R>(String why, Instant askedAt) implements Outcome<R> {}
}
