package dev.lantern.core.operations;

import dev.lantern.core.engine.RunReader;
import dev.lantern.core.engine.Signatures;
import dev.lantern.core.event.EventData;
import dev.lantern.core.format.ChainVerifier;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.format.JournalExport;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.ChainVerdict;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies and exports chains, page by page, so that memory does not grow with them. Blocks; thread-safe. */
public final class ChainAudit {
    /** An event has at most a mebibyte, and mostly less than one of its kibibytes. */
    private static final int PAGE = 64;

    private final Journal journal;
    private final Signatures signatures;
    private final EventData data;
    private final Duration within;

    public ChainAudit(Journal journal, Signatures signatures, EventData data, Duration within) {
        this.journal = journal;
        this.signatures = signatures;
        this.data = data;
        this.within = within;
    }

    /**
     * Recomputes the chain and holds it against the head in its row.
     *
     * @throws dev.lantern.run.RunDisposedException if the run was deleted, before or meanwhile
     */
    public ChainVerdict verify(RunRow row) {
        Reading reading = new Reading(row);
        read(row, reading::add);
        return reading.verdict();
    }

    /**
     * Writes the chain, whatever its state, up to the events that stand there now.
     *
     * @throws dev.lantern.run.RunDisposedException if the run was deleted, before or meanwhile
     */
    public void export(RunRow row, OutputStream out) throws IOException {
        JournalExport export = JournalExport.begin(out, row.run());
        read(row, export::add);
        RunReader.requireChain("export run " + row.run(), now(row));
    }

    /**
     * Writes the chain and verifies it on the way.
     *
     * @throws DamagedChainException if it is not what was written; what was written to {@code out} is then not to be kept
     */
    void exportIntact(RunRow row, OutputStream out) throws IOException {
        Reading reading = new Reading(row);
        JournalExport export = JournalExport.begin(out, row.run());
        read(row, event -> {
            reading.add(event);
            export.add(event);
        });
        if (reading.verdict() instanceof ChainVerdict.Broken broken) {
            throw new DamagedChainException("the chain of run " + row.run() + " is broken at event " + broken.seq()
                    + " (" + broken.flaw() + "): " + broken.detail());
        }
    }

    private <X extends Exception> void read(RunRow row, Taking<X> taking) throws X {
        RunReader.requireChain("read the chain of run " + row.run(), row);
        List<Event> page;
        long after = 0;
        do {
            page = journal.read(row.key(), after, PAGE, within);
            for (Event event : page) {
                taking.take(event);
                after = event.seq();
            }
        } while (page.size() == PAGE);
    }

    private RunRow now(RunRow row) {
        return journal.find(row.run(), within).orElse(row);
    }

    private interface Taking<X extends Exception> {
        void take(Event event) throws X;
    }

    /** One reading of one chain, which may grow meanwhile: it must pass through the head that was known before. */
    private final class Reading {
        private final RunRow row;
        private final ChainVerifier chain;
        private final InstanceSignatures signed = new InstanceSignatures(signatures, data);
        private ChainVerdict.@Nullable Broken unsigned;

        Reading(RunRow row) {
            this.row = row;
            this.chain = ChainVerifier.passingThrough(row.run(), row.head());
        }

        void add(Event event) {
            chain.add(event);
            if (unsigned == null) {
                envelope(event)
                        .flatMap(signed::flaw)
                        .ifPresent(detail ->
                                unsigned = new ChainVerdict.Broken(event.seq(), ChainVerdict.Flaw.UNSIGNED, detail));
            }
        }

        /** What is no event is the chain's to report. */
        private Optional<EventEnvelope> envelope(Event event) {
            try {
                return Optional.of(EventEnvelope.parse(event.bytes()));
            } catch (LanternException e) {
                return Optional.empty();
            }
        }

        ChainVerdict verdict() {
            RunRow now = now(row);
            RunReader.requireChain("read the chain of run " + row.run(), now);
            ChainVerdict verdict = chain.verdict();
            if (!(verdict instanceof ChainVerdict.Intact intact)) {
                return verdict;
            }
            Head end = now.head();
            if (intact.seq() > end.seq()) {
                return new ChainVerdict.Broken(
                        end.seq() + 1,
                        ChainVerdict.Flaw.ADDED,
                        "the run's row says that the chain ends at " + end.seq());
            }
            return unsigned == null ? verdict : unsigned;
        }
    }
}
