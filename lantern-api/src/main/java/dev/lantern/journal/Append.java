package dev.lantern.journal;

import dev.lantern.run.RunStatus;
import java.util.List;

/**
 * Events to be added to one run, behind its fence. A group holds at most one append per run.
 *
 * @param key the run, as {@link RunRow#key()} names it
 * @param fence what must hold for the events to be written
 * @param events the new events, in order, the first right behind the fence's head; at least one
 * @param epoch the run's epoch from now on; the fence's, or one more
 * @param status the run's status from now on
 * @param closes whether nothing will ever follow: the run loses its owner and is never adopted again
 */
public record Append(long key, Fence fence, List<Event> events, int epoch, RunStatus status, boolean closes) {

    /** @throws IllegalArgumentException if the events do not follow the fence's head, or the epoch skips one */
    public Append {
        events = Event.consecutive("append to run " + key, fence.head().seq(), events);
        if (epoch != fence.epoch() && epoch != fence.epoch() + 1) {
            throw new IllegalArgumentException("append to run " + key + " behind epoch " + fence.epoch()
                    + ": it may stay or rise by one, found " + epoch);
        }
    }

    /** The head after this append. */
    public Head after() {
        Event last = events.get(events.size() - 1);
        return new Head(last.seq(), last.hash());
    }
}
