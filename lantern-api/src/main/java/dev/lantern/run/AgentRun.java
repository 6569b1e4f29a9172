package dev.lantern.run;

import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A handle on a run. It holds no resource: dropping it changes nothing, and any host can make another one.
 *
 * <p>Thread-safe. A handle works as long as the runtime that made it is open.
 */
public interface AgentRun {

    /** The run's tenant and id. */
    RunRef ref();

    /** Where the run stands in the journal now. */
    RunStatus status();

    /**
     * Waits until the run's result is durable; what runs of it may still be torn down.
     *
     * @throws InterruptedException if the waiting thread is interrupted, which does not touch the run
     */
    RunResult await() throws InterruptedException;

    /** As {@link #await()}, for this long at most; empty if the result is not durable by then. */
    Optional<RunResult> await(Duration atMost) throws InterruptedException;

    /**
     * Completes when the run's result is durable. Cancelling the future does not cancel the run. Dependents without
     * an executor of their own run on the runtime's threads and must not block.
     */
    CompletableFuture<RunResult> onResult();

    /** Completes when the run has ended and nothing of it runs any more, with its terminal status. */
    CompletableFuture<RunStatus> onEnd();

    /** What the agent writes, from the first line that is kept. */
    Logs logs();

    /** The run's journal up to now. */
    List<RunEvent> events();

    /** What the run has used up to now, as its journal tells it. */
    RunUsage usage();

    /**
     * Asks for the run's end. When this returns the request is durable and the run's owner, whichever host it is,
     * will carry it out. Without effect once the result is decided.
     *
     * @param reason for people; stands in the journal for ever
     */
    void cancel(String reason);
}
