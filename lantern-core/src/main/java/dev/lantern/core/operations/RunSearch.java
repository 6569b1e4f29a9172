package dev.lantern.core.operations;

import dev.lantern.journal.Journal;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunPage;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunStatus;
import dev.lantern.run.RunSummary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Lists runs page by page. Blocks; thread-safe. */
public final class RunSearch {
    private final Journal journal;
    private final Duration within;

    public RunSearch(Journal journal, Duration within) {
        this.journal = journal;
        this.within = within;
    }

    /** The page of the query's cursor, or the first one. */
    public RunPage page(RunQuery query) {
        List<ListedRun> runs = journal.list(
                narrowed(query), query.cursor().map(cursor -> RunCursor.read(cursor, query.order())), within);
        Optional<String> next = runs.size() < query.limit()
                ? Optional.empty()
                : Optional.of(RunCursor.write(runs.get(runs.size() - 1).place(), query.order()));
        return new RunPage(runs.stream().map(RunSearch::summary).toList(), next);
    }

    /** A closed run has a terminal status. Backends find the few open runs without walking past all closed ones. */
    private static RunQuery narrowed(RunQuery query) {
        return query.openness().isEmpty() && query.statuses().stream().noneMatch(RunStatus::terminal)
                ? query.open()
                : query;
    }

    static RunSummary summary(ListedRun run) {
        RunRow row = run.row();
        return new RunSummary(
                row.run(), run.agent(), run.labels(), run.created(), row.status(), !row.closed(), row.retained());
    }
}
