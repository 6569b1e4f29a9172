package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.StoredOpening;
import java.time.Instant;
import java.util.List;

/**
 * What a stimulus leads to.
 *
 * @param state the state once the events are applied
 * @param events to be made durable, in one append
 * @param acts to be done behind them
 */
record Decision(RunState state, List<Recorded> events, List<Act> acts) {

    /**
     * An event to be written.
     *
     * @param epoch the run's epoch behind it
     * @param openings one for each of the event's commitments, in their order
     */
    record Recorded(RunEvent event, int epoch, Instant time, List<StoredOpening> openings) {}
}
