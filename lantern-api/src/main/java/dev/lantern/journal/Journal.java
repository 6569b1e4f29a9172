package dev.lantern.journal;

import dev.lantern.run.RunQuery;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Keeps every run's chain of events. Implemented by backends, called by the engine only.
 *
 * <p>Calls block, are thread-safe, and take and return values. An implementation starts no thread, waits for
 * nothing but its own I/O, gives up when {@code within} has passed and honours interruption: it throws with the
 * thread's interrupt flag set. A {@code within} of zero or less gives up before anything was done. Batches, retries
 * and time-outs are the engine's. <b>An exception means that nothing is known about the call</b>: it may have
 * taken effect; the engine looks at the rows and decides. Leases are compared by the backend's own clock.
 *
 * <p>Every backend passes the contract in {@code lantern-testkit}.
 */
public interface Journal extends AutoCloseable {

    /** What an acknowledged write survives. Does no I/O. */
    Durability durability();

    /** A random id made together with the journal's schema; the same for ever, for every host on this journal. */
    String installation(Duration within);

    // -- hosts ---------------------------------------------------------------------------------------------

    /**
     * Makes a new host incarnation with a lease.
     *
     * @param address where instances reach this host
     */
    HostLease join(String address, Duration lease, Duration within);

    /**
     * Renews the lease in time independent of the number of runs, on a connection of its own where the backend
     * pools connections. A lapsed lease can be renewed: lapsing fences nobody, adoption does.
     *
     * @return the lease; empty if this incarnation has left or was never there
     */
    Optional<HostLease> renew(long host, Duration lease, Duration within);

    /** Ends the incarnation for ever: its lease lapses now and its open runs can be claimed. Idempotent. */
    void leave(long host, Duration within);

    /** Where a host is reached; empty for a host that has left or never was. */
    Optional<String> address(long host, Duration within);

    // -- writing -------------------------------------------------------------------------------------------

    /**
     * Makes runs, in one commit. A losing entry never harms its neighbours. A repeat is recognised by the hash at
     * the place of the create's last event; the run may have moved on since, and the row tells how it is now.
     *
     * @param group at most one entry per run
     * @return one result for each entry, in order; what they report is durable
     * @throws IllegalArgumentException if a run is named twice; nothing was written
     */
    List<CreateResult> create(List<Create> group, Duration within);

    /**
     * Appends behind fences, in one commit. Fence and insert are one atomic act. A losing entry never harms its
     * neighbours. A repeat of an append that was written is recognised by its place and hash, whoever owns the
     * run by now.
     *
     * @param group at most one append per run
     * @return one result for each append, in order; what they report is durable
     * @throws IllegalArgumentException if a run is named twice; nothing was written
     */
    List<AppendResult> append(List<Append> group, Duration within);

    /**
     * Stores a payload that is too large for an event's row, before the event that commits to it; durable on
     * return. Repeating it is harmless: what was stored first stands. For a closed run nothing is stored: no event will
     * ever commit to it, and what was erased does not come back.
     *
     * @param body opaque to the backend; not changed by either side
     * @throws LanternException if there is no such run
     */
    void keep(long key, Commitment commitment, byte[] body, Duration within);

    // -- reading -------------------------------------------------------------------------------------------

    /** The row of a run, as it is now; empty when the journal holds no such run. */
    Optional<RunRow> find(RunRef run, Duration within);

    /**
     * Reads a stretch of a chain in one statement.
     *
     * @param afterSeq the events behind this sequence number
     * @param max at most so many, one or more
     * @return in order; empty when there is none
     */
    List<Event> read(long key, long afterSeq, int max, Duration within);

    /** What {@link #keep} stored; empty if nothing was, or it was erased. */
    Optional<byte[]> kept(long key, Commitment commitment, Duration within);

    /**
     * Every run, open and closed, by its key: for what has to go through all of them.
     *
     * @param afterKey only runs with greater keys
     * @param max at most so many, one or more
     */
    List<RunRow> runs(long afterKey, int max, Duration within);

    /**
     * What {@link #kept} would give for a run, by the bytes of the commitments.
     *
     * @param after only commitments behind this one; empty for the first
     * @param max at most so many, one or more
     */
    List<Commitment> keptOf(long key, Optional<Commitment> after, int max, Duration within);

    /**
     * The runs that a query chooses, in its order, at most as many as its limit says. Neither waits for writers nor makes
     * them wait. The whole list is read in one snapshot.
     *
     * @param query its cursor is the engine's own and of no meaning here
     * @param behind only runs that come behind this place in the query's order; empty for the first ones
     */
    List<ListedRun> list(RunQuery query, Optional<RunPlace> behind, Duration within);

    // -- sealing anew --------------------------------------------------------------------------------------

    /**
     * Replaces what stands beside events, in one commit, each only if it is still what the caller knows: what was
     * erased stays erased. Neither events nor hashes change, and no fence is asked for.
     *
     * @param group in any order
     * @return for each entry, in order, whether this call replaced it, durably; a repeat finds it done and says no
     */
    List<Boolean> replace(List<Replacement> group, Duration within);

    /**
     * As {@link #replace}, for what {@link #keep} stored.
     *
     * @return whether this call replaced it, durably
     */
    boolean replaceKept(long key, Commitment commitment, byte[] known, byte[] next, Duration within);

    // -- ownership -----------------------------------------------------------------------------------------

    /**
     * Takes over open runs whose owner's lease has lapsed or that left, and those that other hosts released, by one
     * compare-and-set each. What is returned is owned by {@code host}, durably. A host that has itself left, or never was, gets none; its own
     * runs are never among them. An owner that renews at the same moment is either seen as renewed and loses nothing,
     * or its renewal is granted after the claim is durable: whoever renewed after a lapse finds by {@link #owned} what
     * it has lost.
     *
     * @param max at most so many, so that several hosts share what a dead one leaves
     */
    List<RunRow> claimLapsed(long host, int max, Duration within);

    /**
     * The open runs that {@code host} owns, by their keys. Asked for when an answer that changed ownership was lost, and
     * after a lapse.
     *
     * @param afterKey only runs with greater keys
     * @param max at most so many, one or more
     */
    List<RunRow> owned(long host, long afterKey, int max, Duration within);

    /**
     * Takes over one open run from a named owner whose lease may still hold: the move on an instance's word.
     *
     * <p>Nothing is taken for a host that has left or never was. {@code from} is told by the next renewal of its lease
     * that runs were taken from it.
     *
     * @return the row as it is now; owned by {@code host} if {@code from} still owned it, or by an earlier try of
     *     exactly this call; empty if there is no such run
     */
    Optional<RunRow> claim(long key, long from, long host, Duration within);

    /**
     * Gives up one open run that {@code host} owns, for other hosts to take over by {@link #claimLapsed} at once; to
     * {@code host} itself it is not offered again before another one has owned it. Durable on return. Nothing happens
     * where {@code host} does not own the run, so a repeat is harmless.
     */
    void release(long key, long host, Duration within);

    // -- inbox ---------------------------------------------------------------------------------------------

    /**
     * Leaves a message for the run's owner, whoever that is when it reads; durable on return.
     *
     * @return its id; 0 where the run is closed: nobody would ever read it, and nothing was left
     * @throws LanternException if there is no such run
     */
    long put(InboxMessage message, Duration within);

    /** The messages for the runs that {@code host} owns, oldest first, at most {@code max}. */
    List<InboxMessage> inbox(long host, int max, Duration within);

    /**
     * Whether this backend tells when a message is put, here and now. Does no I/O. Where it does not, the inbox is to be
     * read now and then; where it does, a little less often: what is told is only an acceleration, and may be lost.
     */
    default boolean hearsMessages() {
        return false;
    }

    /**
     * Waits for a message, on a connection of its own where the backend pools connections. Unlike other calls it does not
     * fail when {@code within} has passed: that nobody said anything is an answer. One thread waits for one host at a time.
     *
     * @return whether a message may have been put for a run of {@code host} since the last time; at once false where the
     *     backend does not hear messages
     */
    default boolean awaitMessage(long host, Duration within) {
        return false;
    }

    /** Removes messages that have become events. Idempotent. */
    void discard(List<Long> ids, Duration within);

    // -- retention -----------------------------------------------------------------------------------------

    /**
     * Erases or deletes closed runs, in one commit. Each disposal is all or nothing, and none harms its neighbours. An
     * open run is never touched, nor is it made to wait. What is left of a run never grows again: its name stays taken,
     * and nothing more is stored under it.
     *
     * <p>{@link Disposal.Kind#ERASE} sets what is erasable beside its events to null and removes what {@link #keep}
     * stored. {@link Disposal.Kind#DELETE} and {@code ARCHIVE} remove events, payloads and labels, and leave the row with
     * its last epoch, head and status.
     *
     * @param group at most one disposal per run
     * @return one result for each disposal, in order; what they report is durable
     * @throws IllegalArgumentException if a run is named twice; nothing was disposed of
     */
    List<DisposalResult> dispose(List<Disposal> group, Duration within);

    /** What was disposed of a run, the oldest entry first. A disposal that found nothing left to do has no entry. */
    List<Disposed> disposed(long key, Duration within);

    /** Releases what the backend itself opened; not a data source that was handed in. Idempotent. */
    @Override
    void close();
}
