package dev.lantern.benchmarks;

import dev.lantern.core.format.Chain;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Runs without an engine, whose only writer this is: it knows every head, so that every fence holds. Different runs
 * may be written from different threads, one run by one at a time.
 */
final class BareRuns {
    static final Duration SOON = Duration.ofMinutes(1);
    private static final int CREATED_AT_ONCE = 20;

    private final long host;
    private final List<Row> rows = new ArrayList<>();

    private BareRuns(long host) {
        this.host = host;
    }

    /** No runs yet, of a new host. */
    static BareRuns of(Journal journal) {
        return new BareRuns(journal.join("bench", Duration.ofHours(1), SOON).host());
    }

    /** Makes {@code count} runs of {@code events} events each, for a new host. */
    static BareRuns create(Journal journal, int count, int events) {
        BareRuns runs = of(journal);
        while (runs.count() < count) {
            runs.createMore(journal, Math.min(CREATED_AT_ONCE, count - runs.count()), events);
        }
        return runs;
    }

    /** Runs that no journal knows, for writers that look at no fence. */
    static BareRuns imagined(int count) {
        BareRuns runs = new BareRuns(0);
        for (int i = 0; i < count; i++) {
            runs.rows.add(new Row(i + 1, Chain.genesis(new RunRef("bench", "run-" + i)), i));
        }
        return runs;
    }

    /** Makes one more run, of one event, in a call of its own. */
    void createOne(Journal journal) {
        createMore(journal, 1, 1);
    }

    private void createMore(Journal journal, int more, int events) {
        List<Create> group = new ArrayList<>();
        for (int i = 0; i < more; i++) {
            group.add(creation(count() + i, events));
        }
        for (CreateResult result : journal.create(group, SOON)) {
            CreateResult.Created created = (CreateResult.Created) result;
            rows.add(new Row(created.row().key(), created.row().head(), count()));
        }
    }

    int count() {
        return rows.size();
    }

    long key(int run) {
        return rows.get(run).key;
    }

    /** One more event for this run. */
    Append next(int run) {
        return append(run, RunStatus.RUNNING, false);
    }

    /** The run's last event. */
    Append last(int run) {
        return append(run, RunStatus.SUCCEEDED, true);
    }

    /** Takes notice of what became of the run's last append, which must have been written. */
    void written(int run, AppendResult result) {
        if (!(result instanceof AppendResult.Appended appended)) {
            throw new IllegalStateException("an append of the only writer lost: " + result);
        }
        rows.get(run).head = appended.head();
    }

    private Create creation(int run, int count) {
        RunRef ref = new RunRef("bench", "host-" + host + "-run-" + run);
        Random random = new Random(run);
        List<Event> events = new ArrayList<>();
        Head head = Chain.genesis(ref);
        for (int i = 0; i < count; i++) {
            Event event = SampleEvents.after(head, random);
            events.add(event);
            head = new Head(event.seq(), event.hash());
        }
        return new Create(ref, host, "bench", RunLabels.none(), Instant.EPOCH, RunStatus.RUNNING, events);
    }

    private Append append(int run, RunStatus status, boolean closes) {
        Row row = rows.get(run);
        return new Append(
                row.key,
                new Fence(host, 0, row.head),
                List.of(SampleEvents.after(row.head, row.random)),
                0,
                status,
                closes);
    }

    private static final class Row {
        private final long key;
        private final Random random;
        private Head head;

        Row(long key, Head head, int seed) {
            this.key = key;
            this.head = head;
            this.random = new Random(seed);
        }
    }
}
