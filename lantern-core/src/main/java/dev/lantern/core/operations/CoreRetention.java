package dev.lantern.core.operations;

import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.RunRow;
import dev.lantern.logs.LogStore;
import dev.lantern.retention.Retention;
import dev.lantern.retention.RetentionEntry;
import dev.lantern.retention.RetentionReport;
import dev.lantern.retention.RetentionRule;
import dev.lantern.retention.RunArchive;
import dev.lantern.run.Retained;
import dev.lantern.run.RunDisposedException;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Retention over a journal, and over the log store beside it. */
public final class CoreRetention implements Retention {
    private static final Logger LOG = LoggerFactory.getLogger(CoreRetention.class);

    private final Journal journal;
    private final ChainAudit audit;
    private final LogStore logs;
    private final InstantSource clock;
    private final Duration within;

    public CoreRetention(Journal journal, ChainAudit audit, LogStore logs, InstantSource clock, Duration within) {
        this.journal = journal;
        this.audit = audit;
        this.logs = logs;
        this.clock = clock;
        this.within = within;
    }

    @Override
    public void erase(String tenant, String runId, String reason) {
        RetentionRule rule = RetentionRule.closedFor(Duration.ZERO, reason);
        RunRow row = find(new RunRef(tenant, runId));
        if (row.retained() == Retained.TOMBSTONE) {
            throw new RunDisposedException("erase the payloads of run " + row.run(), row.run(), row.retained());
        }
        Disposal disposal = new Disposal(row.key(), Disposal.Kind.ERASE, row.head(), rule.reason());
        DisposalResult result =
                journal.dispose(List.of(disposal), Sweep.DISPOSING).get(0);
        if (!(result instanceof DisposalResult.Done)) {
            throw new LanternException("erase the payloads of run " + row.run() + ": it is open, status " + row.status()
                    + ", and only closed runs are erased; cancel it and wait for onEnd()");
        }
        LOG.info("erased the payloads of run {}: {}", row.run(), reason);
    }

    @Override
    public RetentionReport erase(RetentionRule rule) {
        return sweep(Disposal.Kind.ERASE, rule, run -> {});
    }

    @Override
    public RetentionReport archive(RetentionRule rule, RunArchive archive) {
        return sweep(Disposal.Kind.ARCHIVE, rule, run -> store(run, archive));
    }

    @Override
    public RetentionReport delete(RetentionRule rule) {
        return sweep(Disposal.Kind.DELETE, rule, run -> {});
    }

    @Override
    public List<RetentionEntry> history(String tenant, String runId) {
        RunRow row = find(new RunRef(tenant, runId));
        return journal.disposed(row.key(), within).stream()
                .map(entry -> new RetentionEntry(act(entry.kind()), entry.at(), entry.reason()))
                .toList();
    }

    private RetentionReport sweep(Disposal.Kind kind, RetentionRule rule, Sweep.Before before) {
        Consumer<List<RunRef>> beside =
                kind == Disposal.Kind.ERASE ? runs -> {} : runs -> logs.delete(runs, Sweep.DISPOSING);
        RetentionReport report = new Sweep(journal, within, kind, rule, clock.instant(), before, beside).run();
        LOG.info(
                "retention: {} {} runs, left {} as they are: {}",
                act(kind),
                report.done(),
                report.left().size(),
                rule.reason());
        return report;
    }

    /** A damaged chain is this run's trouble; an archive that takes nothing is everybody's. */
    private void store(ListedRun run, RunArchive archive) {
        try {
            archive.store(RunSearch.summary(run), out -> audit.exportIntact(run.row(), out));
        } catch (IOException e) {
            throw new Sweep.Stop(new LanternException(
                    "archive run " + run.row().run() + ": the archive did not take it (" + e.getMessage()
                            + "); it is still in the journal, and calling again continues with it",
                    e));
        }
    }

    private RunRow find(RunRef run) {
        return journal.find(run, within)
                .orElseThrow(() -> new LanternException("there is no run " + run + " in this journal"));
    }

    private static RetentionEntry.Act act(Disposal.Kind kind) {
        return switch (kind) {
            case ERASE -> RetentionEntry.Act.ERASED;
            case ARCHIVE -> RetentionEntry.Act.ARCHIVED;
            case DELETE -> RetentionEntry.Act.DELETED;
        };
    }
}
