package dev.lantern.core.engine;

import dev.lantern.journal.Event;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.List;

/** Told by a host of what its own users wait for. Calls come from loops: they must neither block nor throw. */
public interface HostListener {

    /** The run has these new events, and they are durable. */
    void durable(RunRef run, List<Event> events);

    /** The newest instance of a run of this host; told behind everything that becomes durable while there is one. */
    void newest(InstanceRef instance);

    /** The run's outcome is durable, or it has ended; may be told more than once. */
    void decided(RunRef run);

    /** The run is no longer this host's. */
    void released(RunRef run);

    /** An agent wrote a line. */
    void logged(InstanceRef instance, Instant at, String stream, String line);

    /**
     * A caller was refused, and no chain tells of it: it proved nothing, or the run is over.
     *
     * @param run whose instance it said it is
     * @param reason a code, in lower case with dashes
     * @param detail for the operator: holds no credential
     */
    void refused(RunRef run, int epoch, String reason, String detail);

    /** How far the instance's lines are kept. Not called from loops: it may block for the log store's own I/O. */
    LogPosition kept(InstanceRef instance);
}
