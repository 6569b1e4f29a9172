package dev.lantern.core.engine;

import dev.lantern.core.turns.Turns;
import java.time.Duration;
import java.time.Instant;

/**
 * Until when a decision of the gate may be acted upon: behind that, the facts that it rests on count no longer.
 *
 * <p>Both of the host's clocks must agree that the moment has not come: the monotonic one stands still while a machine is
 * suspended, the wall clock can be set back.
 *
 * @param askedNanos when the gate was asked, on the monotonic clock
 * @param asked the same moment on the wall clock
 * @param goodFor how long from then on
 */
record UseBy(long askedNanos, Instant asked, Duration goodFor) {

    /** Nothing is known yet: the gate is asked now. */
    static UseBy asking(Turns turns) {
        return new UseBy(turns.nanos(), turns.now(), Duration.ZERO);
    }

    /** @param until by the wall clock */
    UseBy until(Instant until) {
        return new UseBy(askedNanos, asked, Duration.between(asked, until));
    }

    boolean isOver(Turns turns) {
        return Duration.ofNanos(turns.nanos() - askedNanos).compareTo(goodFor) >= 0
                || Duration.between(asked, turns.now()).compareTo(goodFor) >= 0;
    }
}
