package dev.lantern.retention;

import dev.lantern.run.RunDisposedException;
import dev.lantern.value.LanternException;
import java.util.List;

/**
 * Ends the keeping of runs: erases their payloads, archives and deletes them.
 *
 * <pre>{@code
 * Retention retention = runtime.retention();
 * retention.erase(RetentionRule.closedFor(Duration.ofDays(30), "payloads are kept for 30 days"));
 * retention.archive(RetentionRule.closedFor(Duration.ofDays(365), "runs are kept for a year"), archive);
 * }</pre>
 *
 * <p><b>Only closed runs are touched</b>: nothing runs of them any more and nothing will ever be written to them. That is
 * tested in the statement that erases or deletes, so no race with a host makes it untrue. To erase a run that is still
 * going on, cancel it first and wait for {@code onEnd}.
 *
 * <p>Calls work on the caller's thread, run after run in small commits, and hold up neither other runs nor other hosts.
 * Calling again after a crash, a failure or an interrupt continues where the last call stopped; several hosts may call at
 * the same time without harm. Each disposal leaves an entry in the journal: what, when and why. Thread-safe.
 *
 * <p>A run that is archived or deleted loses its log lines too, right before it. Erasing leaves them to the log store's own
 * age and size.
 */
public interface Retention {

    /**
     * Erases the payloads of one run, input, step results and output, however large they are. Every event stays, with
     * the commitments, so its chain verifies as before; the result is {@code Erased} from now on, and a spawn under its
     * id can no longer be told from another one. Durable on return; repeating it changes nothing.
     *
     * <p>Hosts keep no copy of a closed run's payloads that they would still answer with. Backups do, until they expire.
     *
     * @param reason for the audit trail; stands in the journal for ever, so it holds nothing personal
     * @throws RunDisposedException if the run was deleted
     * @throws LanternException if there is no such run, or it is open
     */
    void erase(String tenant, String runId, String reason);

    /** Erases the payloads of all runs that the rule chooses, as {@link #erase(String, String, String)} does. */
    RetentionReport erase(RetentionRule rule);

    /**
     * Writes each run that the rule chooses into the archive, verifies it on the way, and deletes it once the archive has
     * taken it. A run whose chain is not intact is neither archived nor deleted; the report names it. A crash between the
     * two leaves the run both archived and here, and the next call archives it again.
     */
    RetentionReport archive(RetentionRule rule, RunArchive archive);

    /**
     * Deletes the runs that the rule chooses, events, payloads and labels, without a copy. What stays of each is its id,
     * its last epoch, its last status and the end of its chain, against which an archive of it can be verified.
     */
    RetentionReport delete(RetentionRule rule);

    /**
     * What was erased and deleted of a run, and why, the oldest entry first.
     *
     * @throws LanternException if there never was such a run
     */
    List<RetentionEntry> history(String tenant, String runId);
}
