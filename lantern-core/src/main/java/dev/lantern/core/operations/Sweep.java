package dev.lantern.core.operations;

import dev.lantern.core.engine.RunReader;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.RunPlace;
import dev.lantern.journal.RunRow;
import dev.lantern.retention.RetentionReport;
import dev.lantern.retention.RetentionRule;
import dev.lantern.run.Retained;
import dev.lantern.run.RunDisposedException;
import dev.lantern.run.RunQuery;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One walk over the runs that a rule chooses, the oldest first, which disposes of them in small commits. One thread, one
 * use. What it has done when it fails is done; walking again finds what is left.
 */
final class Sweep {
    private static final int PAGE = 200;
    /** One commit holds at most so many runs, and runs of about so many events. */
    private static final int GROUP = 50;

    private static final long GROUP_EVENTS = 2_000;
    private static final int MOST_NAMED = 1_000;
    /** Deleting is slower than what an agent waits for, and nobody waits for it. */
    static final Duration DISPOSING = Duration.ofMinutes(2);

    private final Journal journal;
    private final Duration within;
    private final Disposal.Kind kind;
    private final RetentionRule rule;
    private final Instant closedBefore;
    private final Before before;
    private final Consumer<List<RunRef>> beside;
    private final List<ListedRun> group = new ArrayList<>();
    private final List<RetentionReport.Left> left = new ArrayList<>();
    private long groupEvents;
    private long done;

    /** What has to be done for a run before it may be disposed of. */
    interface Before {
        /**
         * @throws DamagedChainException if the run has to stay
         * @throws Stop if no run can be disposed of
         */
        void disposing(ListedRun run);
    }

    /** @param beside takes away what is kept of a group outside of the journal, before the journal lets go of it */
    Sweep(
            Journal journal,
            Duration within,
            Disposal.Kind kind,
            RetentionRule rule,
            Instant now,
            Before before,
            Consumer<List<RunRef>> beside) {
        this.journal = journal;
        this.within = within;
        this.kind = kind;
        this.rule = rule;
        this.closedBefore = now.minus(rule.closedFor());
        this.before = before;
        this.beside = beside;
    }

    RetentionReport run() {
        Optional<RunQuery> query = query();
        if (query.isPresent()) {
            walk(query.get());
        }
        return new RetentionReport(done, left);
    }

    /** A run closes after it was made, so what was made too late need not be looked at. */
    private Optional<RunQuery> query() {
        EnumSet<Retained> wanted = EnumSet.noneOf(Retained.class);
        for (Retained retained : rule.runs().retained()) {
            if (retained.compareTo(kind.left()) < 0) {
                wanted.add(retained);
            }
        }
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Instant made = rule.runs()
                .createdBefore()
                .filter(asked -> asked.isBefore(closedBefore))
                .orElse(closedBefore);
        return Optional.of(rule.runs()
                .closed()
                .createdBefore(made)
                .retained(wanted.iterator().next(), wanted.toArray(Retained[]::new))
                .order(RunQuery.Order.OLDEST_FIRST)
                .limit(PAGE));
    }

    private void walk(RunQuery query) {
        Optional<RunPlace> behind = Optional.empty();
        List<ListedRun> page;
        do {
            page = journal.list(query, behind, within);
            for (ListedRun run : page) {
                take(run);
                behind = Optional.of(run.place());
            }
        } while (page.size() == PAGE);
        dispose();
    }

    private void take(ListedRun run) {
        try {
            if (!ended(run.row()).isBefore(closedBefore)) {
                return;
            }
            before.disposing(run);
        } catch (RunDisposedException e) {
            // Somebody else's sweep was here first.
            return;
        } catch (DamagedChainException e) {
            leave(run, e.getMessage());
            return;
        } catch (Stop stop) {
            dispose();
            throw stop.failure;
        }
        group.add(run);
        groupEvents += run.row().head().seq();
        if (group.size() >= GROUP || groupEvents >= GROUP_EVENTS) {
            dispose();
        }
    }

    /** When the run's last event was written. */
    private Instant ended(RunRow row) {
        List<Event> last = journal.read(row.key(), row.head().seq() - 1, 1, within);
        if (last.isEmpty()) {
            journal.find(row.run(), within).ifPresent(now -> RunReader.requireChain("read the end of run", now));
            throw new DamagedChainException("its last event, " + row.head().seq() + ", is not there");
        }
        try {
            return EventEnvelope.parse(last.get(0).bytes()).time();
        } catch (LanternException e) {
            throw new DamagedChainException("its last event is no event: " + e.getMessage());
        }
    }

    private void dispose() {
        if (group.isEmpty()) {
            return;
        }
        // First, since nobody walks past a run again that the journal has let go of.
        beside.accept(group.stream().map(run -> run.row().run()).toList());
        List<DisposalResult> results = journal.dispose(
                group.stream()
                        .map(run ->
                                new Disposal(run.row().key(), kind, run.row().head(), rule.reason()))
                        .toList(),
                DISPOSING);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof DisposalResult.Done) {
                done++;
            } else {
                leave(group.get(i), "the journal answered " + results.get(i));
            }
        }
        group.clear();
        groupEvents = 0;
    }

    private void leave(ListedRun run, String why) {
        if (left.size() < MOST_NAMED) {
            left.add(new RetentionReport.Left(run.row().run(), why));
        }
    }

    /** The walk cannot go on, whatever run comes next. */
    static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final LanternException failure;

        Stop(LanternException failure) {
            super(failure.getMessage(), failure);
            this.failure = failure;
        }
    }
}
