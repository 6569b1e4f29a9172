package dev.lantern.core.engine;

import dev.lantern.core.event.UnknownEventException;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up runs that the journal says are this host's: asks the substrate what stands, reads the whole chain, and hands
 * both to a new mailbox. Its own state is touched in turns of loop 0 only.
 */
final class Takeover {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
    private static final int MOST_FOREIGN = 10_000;
    private static final long NOT_SEEN = Long.MIN_VALUE;

    private final Turns turns;
    private final Journal journal;
    private final Substrate substrate;
    private final EngineSettings settings;
    private final Surroundings host;
    private final OwnedRuns runs;
    private final ChainReader reader;
    private final SecretValues values;
    private final Runnable failed;
    private final Consumer<RunRef> again;
    /** Chains that this host could not fold, as long as they were when it tried. */
    private final Map<Long, Head> foreign = new TreeMap<>();
    /** Runs claimed by name, and when they were first found to be this host's, on the monotonic clock. */
    private final Map<Long, Long> byName = new TreeMap<>();

    /**
     * @param failed told when runs could not be taken up; they are this host's all the same
     * @param again told of a run that can be taken up now and could not before
     */
    Takeover(
            Host.Parts parts,
            Surroundings host,
            OwnedRuns runs,
            ChainReader reader,
            SecretValues values,
            Runnable failed,
            Consumer<RunRef> again) {
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.substrate = parts.substrate();
        this.settings = parts.settings();
        this.host = host;
        this.runs = runs;
        this.reader = reader;
        this.values = values;
        this.failed = failed;
        this.again = again;
    }

    /** @param done told once each of them is looked after, given up, or has failed */
    void takeUp(List<RunRow> rows, Runnable done) {
        takeUp(rows, Optional.empty(), done);
    }

    /** @param known what this host knows to have been durable in this run */
    void takeUp(RunRow row, Optional<Head> known) {
        takeUp(List.of(row), known, () -> {});
    }

    private void takeUp(List<RunRow> rows, Optional<Head> known, Runnable done) {
        List<RunRow> ready = rows.stream().filter(this::mayBeTakenUp).toList();
        if (ready.isEmpty() || host.closing()) {
            done.run();
            return;
        }
        // Asked behind the claim: what a former owner started is listed, and what it did not is not started any more.
        turns.lane(LaneName.SUBSTRATE)
                .call(
                        turns.loop(0),
                        () -> byRun(substrate.standing(settings.callWithin())),
                        (Outcome<Map<RunRef, List<Integer>>> outcome) -> {
                            if (outcome instanceof Outcome.Value<Map<RunRef, List<Integer>>> standing) {
                                Countdown all = new Countdown(ready.size(), done);
                                ready.forEach(row -> read(row, known, standing.value(), all));
                            } else if (outcome instanceof Outcome.Failure<Map<RunRef, List<Integer>>> failure) {
                                LOG.warn(
                                        "what stands could not be listed; adopting {} runs later",
                                        ready.size(),
                                        failure.cause());
                                failed.run();
                                done.run();
                            }
                        });
    }

    private static Map<RunRef, List<Integer>> byRun(List<InstanceRef> standing) {
        Map<RunRef, List<Integer>> epochs = new TreeMap<>();
        standing.forEach(instance ->
                epochs.computeIfAbsent(instance.run(), run -> new ArrayList<>()).add(instance.epoch()));
        return epochs;
    }

    private void read(RunRow row, Optional<Head> known, Map<RunRef, List<Integer>> standing, Countdown all) {
        Loop loop = host.loop(row.run());
        long term = host.term();
        turns.lane(LaneName.READS).call(loop, () -> read(row), (Outcome<Folded> outcome) -> {
            if (outcome instanceof Outcome.Value<Folded> folded) {
                take(folded.value(), standing.getOrDefault(row.run(), List.of()), known, loop, term);
            } else if (outcome instanceof Outcome.Failure<Folded> failure) {
                turns.loop(0).run(() -> unread(row, failure.cause()));
            }
            turns.loop(0).run(all::one);
        });
    }

    /** Before the first line of the run can come: what has to be masked in it. */
    private Folded read(RunRow row) {
        Folded folded = reader.fold(row);
        if (!folded.state().sealed()) {
            values.adopt(folded.state());
        }
        return folded;
    }

    private void take(Folded folded, List<Integer> standing, Optional<Head> known, Loop loop, long term) {
        RunRow row = folded.row();
        if (host.closing() || folded.state().sealed() || runs.contains(row.run())) {
            return;
        }
        Mailbox mailbox = runs.add(new Mailbox(row.run(), row.key(), folded.state(), folded.head(), loop, term, host));
        mailbox.take(new Stimulus.Adopted(host.host(), standing));
        known.filter(head -> head.seq() > folded.head().seq())
                .ifPresent(head ->
                        mailbox.take(new Stimulus.Regressed(Optional.empty(), head.seq(), Optional.of(head.hash()))));
    }

    private void unread(RunRow row, Throwable cause) {
        if (cause instanceof UnknownEventException unknown) {
            LOG.warn("host {} gives run {} up for a newer host: {}", host.host(), row.run(), unknown.getMessage());
            if (foreign.size() >= MOST_FOREIGN) {
                // Forgetting costs a read each, and no more.
                foreign.clear();
            }
            foreign.put(row.key(), row.head());
            release(row);
        } else {
            LOG.error("host {} could not read run {}; trying again", host.host(), row.run(), cause);
            failed.run();
        }
    }

    /** Not read, not touched: whoever knows the event continues the run. */
    private void release(RunRow row) {
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> {
                            journal.release(row.key(), host.host(), settings.callWithin());
                            return row.key();
                        },
                        (Outcome<Long> outcome) -> {
                            if (outcome instanceof Outcome.Failure<Long> failure) {
                                LOG.warn("run {} could not be given up; trying again", row.run(), failure.cause());
                                failed.run();
                            }
                        });
    }

    // -- what must not be taken up, or not yet -----------------------------------------------------------------

    private boolean mayBeTakenUp(RunRow row) {
        if (row.head().equals(foreign.get(row.key()))) {
            // Between hosts that are all too old a run goes round until a newer one comes; it need not be read each
            // time.
            release(row);
            return false;
        }
        return !mayBeAnsweredElsewhere(row);
    }

    /** A claim of this run by name begins; whether it is won may never be told. */
    void claiming(long key) {
        byName.put(key, NOT_SEEN);
    }

    /** Nobody knows whether a claim was won: this host may own a run that it does not look after. */
    void uncertain() {
        failed.run();
    }

    /** The claim was lost: the run is another's. */
    void lostTo(long key) {
        byName.remove(key);
    }

    /**
     * A run that was claimed by name from an owner whose lease holds: until one lease has passed, the former owner may
     * answer from what it knew. Nothing new must have happened by then.
     */
    private boolean mayBeAnsweredElsewhere(RunRow row) {
        Long seen = byName.get(row.key());
        if (seen == null) {
            return false;
        }
        if (seen == NOT_SEEN) {
            byName.put(row.key(), turns.nanos());
            turns.loop(0).later(settings.lease(), () -> again.accept(row.run()));
            return true;
        }
        if (Duration.ofNanos(turns.nanos() - seen).compareTo(settings.lease()) < 0) {
            return true;
        }
        byName.remove(row.key());
        return false;
    }
}
