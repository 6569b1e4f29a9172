package dev.lantern.journal;

import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A run to be made, owned by the host that makes it, at epoch 0.
 *
 * @param run the run's name; a backend refuses nothing about it, it only keeps names apart
 * @param host the owner's incarnation
 * @param agent the agent's name, for queries
 * @param labels for queries
 * @param created when, by the owner's clock, for queries; cut off to microseconds
 * @param status the status after {@code events}
 * @param events the chain's first events, from sequence number 1; at least one
 */
public record Create(
        RunRef run, long host, String agent, RunLabels labels, Instant created, RunStatus status, List<Event> events) {

    /** @throws IllegalArgumentException if the events do not begin at sequence number 1 or leave one out */
    public Create {
        events = Event.consecutive("create of run " + run, 0, events);
        created = created.truncatedTo(ChronoUnit.MICROS);
    }

    /** The head after this create. */
    public Head after() {
        Event last = events.get(events.size() - 1);
        return new Head(last.seq(), last.hash());
    }
}
