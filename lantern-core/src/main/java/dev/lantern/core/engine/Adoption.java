package dev.lantern.core.engine;

import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims what other hosts left, and holds what this host believes to own against what the journal says. What is found
 * to be this host's is taken up by {@link Takeover}. Its own state is touched in turns of loop 0 only.
 *
 * <p>Claims come in batches, the next one once the last is taken up: the hosts that are alive share what a dead one
 * leaves by how fast they are.
 */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    /** So few that hosts which notice a death at the same time share what it left. */
    private static final int CLAIM_AT_ONCE = 100;

    private static final int LIST_AT_ONCE = 1_000;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Turns turns;
    private final Journal journal;
    private final EngineSettings settings;
    private final Surroundings host;
    private final OwnedRuns runs;
    private final Takeover takeover;
    /** This host may own runs that it does not look after: a claim's answer was lost, or a chain could not be read. */
    private boolean unseen;

    private boolean retryPlanned;
    private int failures;

    Adoption(Host.Parts parts, Surroundings host, OwnedRuns runs, ChainReader reader, SecretValues values) {
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.settings = parts.settings();
        this.host = host;
        this.runs = runs;
        this.takeover =
                new Takeover(parts, host, runs, reader, values, this::failed, run -> reload(run, Optional.empty()));
    }

    /** Looks for runs of hosts that are gone, now and a few times per lease from now on. */
    void round() {
        if (host.closing()) {
            return;
        }
        if (unseen && !retryPlanned || runs.all().stream().anyMatch(mailbox -> !mailbox.confirmed())) {
            reconcile();
        }
        claim();
        turns.loop(0).later(settings.lease().dividedBy(3), this::round);
    }

    private void claim() {
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> journal.claimLapsed(host.host(), CLAIM_AT_ONCE, settings.callWithin()),
                        (Outcome<List<RunRow>> outcome) -> {
                            if (outcome instanceof Outcome.Value<List<RunRow>> rows) {
                                boolean more = rows.value().size() == CLAIM_AT_ONCE;
                                takeover.takeUp(rows.value(), () -> {
                                    if (more && !host.closing()) {
                                        claim();
                                    }
                                });
                            } else if (outcome instanceof Outcome.Failure<List<RunRow>> failure) {
                                LOG.warn("host {} could not look for runs to adopt", host.host(), failure.cause());
                                failed();
                            }
                        });
    }

    // -- what this host owns ---------------------------------------------------------------------------------

    /**
     * After a lapse others may have adopted this host's runs, and a claim whose answer was lost may have given it runs
     * that it never heard of.
     */
    private void reconcile() {
        unseen = false;
        long term = host.term();
        listOwned(owned -> {
            for (Mailbox mailbox : runs.all()) {
                Optional<RunRow> row = Optional.ofNullable(owned.get(mailbox.key()));
                mailbox.loop().run(() -> mailbox.confirm(row, term));
            }
            List<RunRow> unheardOf = owned.values().stream()
                    .filter(row -> !runs.contains(row.run()))
                    .toList();
            takeover.takeUp(unheardOf, () -> {
                if (!unseen) {
                    failures = 0;
                }
            });
        });
    }

    /**
     * Runs were taken from this host by name, though its lease holds: lets go of them, and only then runs {@code done}.
     * What was taken after this was called is told by the next renewal.
     */
    void letGoOfTaken(Runnable done) {
        List<Mailbox> before = List.copyOf(runs.all());
        listOwned(owned -> {
            List<Mailbox> gone = before.stream()
                    .filter(mailbox -> !owned.containsKey(mailbox.key()))
                    .toList();
            Countdown all = new Countdown(gone.size(), done);
            for (Mailbox mailbox : gone) {
                mailbox.loop().run(() -> {
                    mailbox.taken();
                    turns.loop(0).run(all::one);
                });
            }
        });
    }

    private void listOwned(Consumer<SortedMap<Long, RunRow>> then) {
        turns.lane(LaneName.READS).call(turns.loop(0), this::readOwned, (Outcome<SortedMap<Long, RunRow>> outcome) -> {
            if (outcome instanceof Outcome.Value<SortedMap<Long, RunRow>> owned) {
                then.accept(owned.value());
            } else if (outcome instanceof Outcome.Failure<SortedMap<Long, RunRow>> failure) {
                LOG.warn("host {} could not list the runs it owns", host.host(), failure.cause());
                failed();
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

    /** However many runs are concerned, one look at everything that this host owns comes later, and ever later. */
    private void failed() {
        unseen = true;
        if (retryPlanned) {
            return;
        }
        retryPlanned = true;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures++, 10));
        Duration capped = pause.compareTo(settings.lease()) > 0 ? settings.lease() : pause;
        turns.loop(0).later(capped, () -> {
            retryPlanned = false;
            if (unseen && !host.closing()) {
                reconcile();
            }
        });
    }

    // -- one run ---------------------------------------------------------------------------------------------

    /**
     * Reads the run again if it is still this host's; its mailbox was found to believe something else.
     *
     * @param known what this host knows to have been durable
     */
    void reload(RunRef run, Optional<Head> known) {
        turns.lane(LaneName.READS)
                .call(
                        turns.loop(0),
                        () -> journal.find(run, settings.callWithin()),
                        (Outcome<Optional<RunRow>> outcome) -> {
                            if (outcome instanceof Outcome.Value<Optional<RunRow>> found) {
                                found.value().filter(this::isOurs).ifPresent(row -> takeover.takeUp(row, known));
                            } else {
                                failed();
                            }
                        });
    }

    Takeover takeover() {
        return takeover;
    }

    private boolean isOurs(RunRow row) {
        return row.host().isPresent() && row.host().getAsLong() == host.host();
    }
}
