package dev.lantern.core.local;

import dev.lantern.substrate.InstanceEnd;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What speaks for an instance, in this JVM or beside the agent. Thread-safe. */
interface HarnessSide {

    /** Waits until something is to be started, and prepares what it needs. */
    Permission await() throws IOException, InterruptedException;

    /**
     * Waits, for a bounded time, until nothing of the ended process is unsaid.
     *
     * @param code what it exited with
     * @return the end of the instance, where this knows better than the exit code
     */
    Optional<InstanceEnd> settle(int code) throws InterruptedException;

    /** Begins nothing new. Does not wait. */
    void drain(String why);

    /** Ends at once and unblocks who waits here. Repeating it does nothing. */
    void close();

    /** What came of waiting. */
    sealed interface Permission {
        record Start(List<String> command, Map<String, String> environment) implements Permission {}

        record Never(InstanceEnd end) implements Permission {}
    }
}
