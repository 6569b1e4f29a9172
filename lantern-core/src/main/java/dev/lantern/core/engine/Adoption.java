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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what other hosts left, and holds what this host believes to own against what the journal says. What it
 * does after a claim is read the whole chain, ask the substrate what stands, and hand both to a new mailbox.
 */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    /** So few that hosts which notice a death at the same time share what it left. */
    private static final int CLAIM_AT_ONCE = 100;

    private static final int LIST_AT_ONCE = 1_000;
    private static final int MOST_FOREIGN = 10_000;
    private static final Duration READ_AGAIN = Duration.ofSeconds(1);

    private final Turns turns;
    private final Journal journal;
    private final Substrate substrate;
    private final EngineSettings settings;
    private final Surroundings host;
    private final OwnedRuns runs;
    private final ChainReader reader;
    /** Chains that this host could not fold, as long as they were when it tried. Turns of loop 0 only. */
    private final Map<Long, Head> foreign = new TreeMap<>();
    /** A claim's answer was lost: this host may own runs that it never heard of. Turns of loop 0 only. */
    private boolean claimedUnseen;

    Adoption(Host.Parts parts, Surroundings host, OwnedRuns runs, ChainReader reader) {
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.substrate = parts.substrate();
        this.settings = parts.settings();
        this.host = host;
        this.runs = runs;
        this.reader = reader;
    }

    /** Looks for runs of hosts that are gone, now and a few times per lease from now on. */
    void round() {
        if (host.closing()) {
            return;
        }
        if (claimedUnseen || runs.all().stream().anyMatch(mailbox -> !mailbox.confirmed())) {
            reconcile();
        }
        claim();
    }

    private void claim() {
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> journal.claimLapsed(host.host(), CLAIM_AT_ONCE, settings.callWithin()),
                        (Outcome<List<RunRow>> outcome) -> {
                            if (claimed(outcome) == CLAIM_AT_ONCE && !host.closing()) {
                                claim();
                            } else {
                                turns.loop(0).later(settings.lease().dividedBy(3), this::round);
                            }
                        });
    }

    /** @return how many runs were claimed */
    private int claimed(Outcome<List<RunRow>> outcome) {
        if (outcome instanceof Outcome.Value<List<RunRow>> rows) {
            adoptAll(rows.value());
            return rows.value().size();
        }
        if (outcome instanceof Outcome.Failure<List<RunRow>> failure) {
            LOG.warn("host {} could not look for runs to adopt; trying again", host.host(), failure.cause());
            claimedUnseen = true;
        }
        return 0;
    }

    /**
     * After a lapse others may have adopted this host's runs, and a claim whose answer was lost may have given it runs
     * that it never heard of.
     */
    private void reconcile() {
        claimedUnseen = false;
        long term = host.term();
        turns.lane(LaneName.READS).call(turns.loop(0), this::readOwned, (Outcome<SortedMap<Long, RunRow>> outcome) -> {
            if (outcome instanceof Outcome.Value<SortedMap<Long, RunRow>> owned) {
                reconciled(owned.value(), term);
            } else if (outcome instanceof Outcome.Failure<SortedMap<Long, RunRow>> failure) {
                LOG.warn("host {} could not list the runs it owns; trying again", host.host(), failure.cause());
                claimedUnseen = true;
            }
        });
    }

    private SortedMap<Long, RunRow> readOwned() {
        SortedMap<Long, RunRow> owned = new TreeMap<>();
        List<RunRow> page;
        do {
            long after = owned.isEmpty() ? 0 : owned.lastKey();
            page = journal.owned(host.host(), after, LIST_AT_ONCE, settings.callWithin());
            page.forEach(row -> owned.put(row.key(), row));
        } while (page.size() == LIST_AT_ONCE);
        return owned;
    }

    private void reconciled(SortedMap<Long, RunRow> owned, long term) {
        for (Mailbox mailbox : runs.all()) {
            Optional<RunRow> row = Optional.ofNullable(owned.get(mailbox.key()));
            mailbox.loop().run(() -> mailbox.confirm(row, term));
        }
        adoptAll(
                owned.values().stream().filter(row -> !runs.contains(row.run())).toList());
    }

    /** Reads the run again if it is still this host's; its mailbox was found to believe something else. */
    void reload(RunRef run) {
        turns.lane(LaneName.READS)
                .call(
                        turns.loop(0),
                        () -> journal.find(run, settings.callWithin()),
                        (Outcome<Optional<RunRow>> outcome) -> {
                            if (outcome instanceof Outcome.Value<Optional<RunRow>> found) {
                                found.value().filter(this::isOurs).ifPresent(row -> adoptAll(List.of(row)));
                            } else {
                                turns.loop(0).later(READ_AGAIN, () -> reload(run));
                            }
                        });
    }

    private boolean isOurs(RunRow row) {
        return row.host().isPresent() && row.host().getAsLong() == host.host();
    }

    private void adoptAll(List<RunRow> rows) {
        if (rows.isEmpty() || host.closing()) {
            return;
        }
        turns.lane(LaneName.SUBSTRATE)
                .call(
                        turns.loop(0),
                        () -> substrate.standing(settings.callWithin()),
                        (Outcome<List<InstanceRef>> outcome) -> {
                            if (outcome instanceof Outcome.Value<List<InstanceRef>> standing) {
                                rows.forEach(row -> adopt(row, standing.value()));
                            } else if (outcome instanceof Outcome.Failure<List<InstanceRef>> failure) {
                                LOG.warn(
                                        "what stands could not be listed; adopting {} runs later",
                                        rows.size(),
                                        failure.cause());
                                turns.loop(0).later(READ_AGAIN, () -> adoptAll(rows));
                            }
                        });
    }

    private void adopt(RunRow row, List<InstanceRef> standing) {
        if (row.head().equals(foreign.get(row.key()))) {
            // Between hosts that are all too old a run goes round until a newer one comes; it need not be read each
            // time.
            release(row);
            return;
        }
        Loop loop = host.loop(row.run());
        long term = host.term();
        turns.lane(LaneName.READS).call(loop, () -> reader.fold(row), (Outcome<Folded> outcome) -> {
            if (outcome instanceof Outcome.Value<Folded> folded) {
                take(folded.value(), standing, loop, term);
            } else if (outcome instanceof Outcome.Failure<Folded> failure
                    && failure.cause() instanceof UnknownEventException unknown) {
                LOG.warn("host {} gives run {} up for a newer host: {}", host.host(), row.run(), unknown.getMessage());
                turns.loop(0).run(() -> release(row));
            } else if (outcome instanceof Outcome.Failure<Folded> failure) {
                LOG.error("host {} could not read run {}; trying again", host.host(), row.run(), failure.cause());
                turns.loop(0).later(settings.lease(), () -> reload(row.run()));
            }
        });
    }

    /** Not read, not touched: whoever knows the event continues the run. A release that fails is found by reconciling. */
    private void release(RunRow row) {
        if (foreign.size() >= MOST_FOREIGN) {
            // Forgetting costs a read each, and no more.
            foreign.clear();
        }
        foreign.put(row.key(), row.head());
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
                                turns.loop(0).later(READ_AGAIN, () -> reload(row.run()));
                            }
                        });
    }

    private void take(Folded folded, List<InstanceRef> standing, Loop loop, long term) {
        RunRow row = folded.row();
        if (host.closing() || folded.state().sealed() || runs.contains(row.run())) {
            return;
        }
        List<Integer> epochs = standing.stream()
                .filter(instance -> instance.run().equals(row.run()))
                .map(InstanceRef::epoch)
                .toList();
        runs.add(new Mailbox(row.run(), row.key(), folded.state(), folded.head(), loop, term, host))
                .take(new Stimulus.Adopted(host.host(), epochs));
    }
}
