package dev.lantern.run;

import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

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
     * Waits until the run's result is durable; what runs of it may still be torn down. A journal that does not answer
     * for a moment is waited for.
     *
     * @throws InterruptedException if the waiting thread is interrupted, which does not touch the run
     * @throws dev.lantern.value.LanternException if the journal has not answered for about half a minute; the run goes
     *     on, and can be awaited again
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

    /** What the journal still holds of the run: everything, unless its operators erased its payloads or deleted it. */
    Retained retained();

    /**
     * The run's journal up to now.
     *
     * @throws RunDisposedException if the run was deleted
     */
    List<RunEvent> events();

    /**
     * A stretch of the run's journal.
     *
     * @param after the events behind this sequence number; 0 for the first ones
     * @param max at most so many, one or more
     * @return in order; empty when nothing stands there yet
     * @throws RunDisposedException if the run was deleted
     */
    List<RunEvent> events(long after, int max);

    /**
     * Hands over event after event, on the calling thread, until the run is closed and its last event was handed over.
     * The last number that was handed over is the cursor: whoever comes back with it, on any host and at any time,
     * misses nothing and sees nothing twice. An interrupt ends it too, and stays set.
     *
     * <p>Events of a run that this runtime owns arrive at once, those of other hosts within two seconds.
     *
     * @param after the events behind this sequence number; 0 for all of them
     * @throws RunDisposedException if the run was deleted
     */
    void follow(long after, Consumer<? super RunEvent> event);

    /**
     * Recomputes the run's chain from the journal's rows up to the head that its row names, and checks each signature of
     * an instance under the key that it enrolled. Names the first event at which the journal is not what was written.
     *
     * <p>Whoever can write the tables can write all of it anew, head included, except what instances signed. Against that
     * compare the verdict with a head that was kept elsewhere.
     *
     * @throws RunDisposedException if the run was deleted
     */
    ChainVerdict verify();

    /**
     * Writes the run's chain as {@code lantern/journal-export/v1}, which {@code formats/verify.py} and any other
     * implementation can check. Payloads are not in it. Memory does not grow with the run.
     *
     * @param out remains the caller's, who buffers and closes it
     * @throws IOException if the stream does
     * @throws RunDisposedException if the run was deleted
     */
    void export(OutputStream out) throws IOException;

    /**
     * What the run has used up to now, as its journal tells it.
     *
     * @throws RunDisposedException if the run was deleted
     */
    RunUsage usage();

    /**
     * Asks for the run's end. When this returns the request is durable and the run's owner, whichever host it is,
     * will carry it out. Without effect once the result is decided.
     *
     * @param reason for people; stands in the journal for ever
     */
    void cancel(String reason);
}
