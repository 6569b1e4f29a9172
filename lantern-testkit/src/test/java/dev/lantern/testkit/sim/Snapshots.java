package dev.lantern.testkit.sim;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Appends that take as long as those of a real database: they begin at one moment, the world goes on, and they write at a
 * later one. That alone is no defect. It is one if the fence is tested in the snapshot of the beginning only.
 */
final class Snapshots extends Seams {
    /** Longer than a lease, so that a run can change hands meanwhile. */
    private static final Duration LONG = Duration.ofSeconds(3);

    private static final Duration SHORT = Duration.ofMillis(2);
    /** One in so many takes long. */
    private static final int SELDOM = 6;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final boolean snapshot;
    /** What stood behind its fence when it began. By identity, and never gone through. */
    private final Set<Append> passed = Collections.newSetFromMap(new IdentityHashMap<>());

    private int begun;
    /** Calls that end in another order than they began cannot be told on one stack. */
    private boolean underWay;

    /** @param snapshot whether the fence is not tested again at the end */
    Snapshots(boolean snapshot) {
        this.snapshot = snapshot;
    }

    @Override
    Journal connection(Journal connection, Agenda agenda, Life host) {
        return new ForwardingJournal(connection) {
            @Override
            public List<AppendResult> append(List<Append> group, Duration within) {
                if (!underWay) {
                    group.stream().filter(append -> stands(inner(), append)).forEach(passed::add);
                    underWay = true;
                    pass(agenda, ++begun % SELDOM == 0 ? LONG : SHORT);
                    underWay = false;
                }
                try {
                    return super.append(group, within);
                } finally {
                    group.forEach(passed::remove);
                }
            }
        };
    }

    /** Everybody else's work of that time. */
    private static void pass(Agenda agenda, Duration span) {
        long end = agenda.nanos() + span.toNanos();
        agenda.in(span, () -> {});
        while (agenda.nanos() < end && agenda.step()) {
            // Everything happens in tasks of the agenda.
        }
    }

    @Override
    Journal store(Journal store, Agenda agenda) {
        if (!snapshot) {
            return store;
        }
        return new ForwardingJournal(store) {
            @Override
            public List<AppendResult> append(List<Append> group, Duration within) {
                return super.append(
                        group.stream().map(append -> written(inner(), append)).toList(), within);
            }
        };
    }

    /** What the snapshot let through is written to the row as it is by now. */
    private Append written(Journal journal, Append append) {
        Optional<RunRow> now = row(journal, append.key());
        // A chain that ends before the fence was put back, and no session outlives that.
        return now.filter(row -> passed.contains(append) && !stands(journal, append))
                .filter(row -> row.head().seq() >= append.fence().head().seq()
                        && row.host().isPresent())
                .map(row -> JournalMutants.moved(append, new Fence(row.host().getAsLong(), row.epoch(), row.head())))
                .orElse(append);
    }

    private static boolean stands(Journal journal, Append append) {
        Fence fence = append.fence();
        return row(journal, append.key())
                .filter(row -> row.host().equals(OptionalLong.of(fence.host()))
                        && row.epoch() == fence.epoch()
                        && row.head().equals(fence.head()))
                .isPresent();
    }

    private static Optional<RunRow> row(Journal journal, long key) {
        return journal.runs(key - 1, 1, SOON).stream()
                .filter(row -> row.key() == key)
                .findFirst();
    }
}
