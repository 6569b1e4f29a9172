package dev.lantern.core.seal;

import dev.lantern.core.format.ErasableCodec;
import dev.lantern.journal.Event;
import dev.lantern.journal.Event.Erasable;
import dev.lantern.journal.Journal;
import dev.lantern.journal.Replacement;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Seals everything in a journal under the current key, so that a former key can go. No hash changes, and what was
 * erased stays erased.
 *
 * <pre>{@code
 * keys.rotate();
 * Resealing.Report report = Resealing.of(journal, seal).run();
 * if (report.isComplete()) {
 *     keys.forget(former);
 * }
 * }</pre>
 *
 * <p>May run while hosts work on the journal, several times, and be broken off at any place: what was done stands, and
 * the next run goes on from there. It sees what was written before it began; so first every host seals under the
 * current key, then this runs, then the former key goes. Hosts keep rows that they have read for a while: restart them
 * before a key goes that only the rows they remember were sealed under.
 */
public final class Resealing {
    private static final int RUNS = 100;
    private static final int EVENTS = 100;
    private static final int PAYLOADS = 100;
    /** Of a page, how much is replaced in one commit. */
    private static final int BYTES = 4 * 1024 * 1024;

    private static final int NAMED_FAILURES = 20;
    private static final Duration WITHIN = Duration.ofSeconds(60);

    private final Journal journal;
    private final EnvelopeSeal seal;
    private final ErasableCodec codec;
    private final boolean unsealedToo;

    private Resealing(Journal journal, EnvelopeSeal seal, boolean unsealedToo) {
        this.journal = Objects.requireNonNull(journal, "journal");
        this.seal = Objects.requireNonNull(seal, "seal");
        this.codec = ErasableCodec.sealedBy(seal);
        this.unsealedToo = unsealedToo;
    }

    /** Sealing anew what is sealed. What stands unsealed counts as failed. */
    public static Resealing of(Journal journal, EnvelopeSeal seal) {
        return new Resealing(journal, seal, false);
    }

    /** Also seals what was written before there was a seal. */
    public Resealing withUnsealed() {
        return new Resealing(journal, seal, true);
    }

    /**
     * What was found. Rows and kept payloads count alike.
     *
     * @param current how many stood under the current key already
     * @param resealed how many this run sealed under it
     * @param failed how many could not be opened, and stand as they stood
     * @param failures the first few of the latter, each with its run, its place and the reason
     */
    public record Report(long current, long resealed, long failed, List<String> failures) {
        public Report {
            failures = List.copyOf(failures);
        }

        /** Whether everything that was there is under the current key now. */
        public boolean isComplete() {
            return failed == 0;
        }
    }

    /**
     * Goes through every run. Blocks for as long as that takes.
     *
     * @throws LanternException if the journal does not answer; what was sealed anew until then stands
     */
    public Report run() {
        Tally tally = new Tally();
        List<RunRow> page = journal.runs(Long.MIN_VALUE, RUNS, WITHIN);
        while (!page.isEmpty()) {
            for (RunRow row : page) {
                events(row, tally);
                payloads(row, tally);
            }
            page = journal.runs(page.get(page.size() - 1).key(), RUNS, WITHIN);
        }
        return tally.report();
    }

    private void events(RunRow row, Tally tally) {
        List<Event> page = journal.read(row.key(), 0, EVENTS, WITHIN);
        while (!page.isEmpty()) {
            Group group = new Group(row, tally);
            page.forEach(group::add);
            group.flush();
            page = journal.read(row.key(), page.get(page.size() - 1).seq(), EVENTS, WITHIN);
        }
    }

    private void payloads(RunRow row, Tally tally) {
        List<Commitment> page = journal.keptOf(row.key(), Optional.empty(), PAYLOADS, WITHIN);
        while (!page.isEmpty()) {
            page.forEach(commitment -> payload(row, commitment, tally));
            page = journal.keptOf(row.key(), Optional.of(page.get(page.size() - 1)), PAYLOADS, WITHIN);
        }
    }

    /** Looked at again where it changed meanwhile: then it was erased, or somebody else seals it anew. */
    private void payload(RunRow row, Commitment commitment, Tally tally) {
        while (true) {
            Optional<byte[]> known = journal.kept(row.key(), commitment, WITHIN);
            if (known.isEmpty()) {
                return;
            }
            if (seal.isCurrent(known.get())) {
                tally.current++;
                return;
            }
            byte[] next;
            try {
                next = anew(row.run(), commitment, known.get());
            } catch (LanternException e) {
                tally.failed(row.run() + ", payload " + commitment + ": " + e.getMessage());
                return;
            }
            if (journal.replaceKept(row.key(), commitment, known.get(), next, WITHIN)) {
                tally.resealed++;
                return;
            }
        }
    }

    private byte[] anew(RunRef run, Commitment commitment, byte[] known) {
        boolean unsealed = unsealedToo && !seal.isEnvelope(known);
        return seal.seal(run, commitment.digest(), unsealed ? known : seal.open(run, commitment.digest(), known));
    }

    private Erasable anew(RunRef run, Event event, Erasable known) {
        if (ErasableCodec.isSealed(known)) {
            byte[] plain = seal.open(run, event.hash(), known.body());
            return new Erasable(known.salts(), seal.seal(run, event.hash(), plain));
        }
        if (!unsealedToo) {
            throw new LanternException("it stands unsealed; if it is older than the seal, say withUnsealed()");
        }
        return codec.seal(run, event.hash(), known);
    }

    /** Replacements of one run, on their way into one commit. */
    private final class Group {
        private final RunRow row;
        private final Tally tally;
        private final List<Replacement> replacements = new ArrayList<>();
        private long bytes;

        Group(RunRow row, Tally tally) {
            this.row = row;
            this.tally = tally;
        }

        void add(Event event) {
            Erasable known = event.erasable().orElse(null);
            if (known == null) {
                return;
            }
            if (ErasableCodec.isSealed(known) && seal.isCurrent(known.body())) {
                tally.current++;
                return;
            }
            try {
                Erasable next = anew(row.run(), event, known);
                replacements.add(new Replacement(row.key(), event.seq(), known, next));
                bytes += next.body().length;
            } catch (LanternException e) {
                tally.failed(row.run() + ", event " + event.seq() + ": " + e.getMessage());
            }
            if (bytes > BYTES) {
                flush();
            }
        }

        /** What changed meanwhile is read and looked at again: it was erased, or somebody else seals it anew. */
        void flush() {
            while (!replacements.isEmpty()) {
                List<Replacement> group = List.copyOf(replacements);
                replacements.clear();
                bytes = 0;
                List<Boolean> replaced = journal.replace(group, WITHIN);
                for (int i = 0; i < group.size(); i++) {
                    if (replaced.get(i)) {
                        tally.resealed++;
                    } else {
                        journal.read(row.key(), group.get(i).seq() - 1, 1, WITHIN)
                                .forEach(this::add);
                    }
                }
            }
        }
    }

    private static final class Tally {
        private final List<String> failures = new ArrayList<>();
        private long current;
        private long resealed;
        private long failed;

        void failed(String what) {
            failed++;
            if (failures.size() < NAMED_FAILURES) {
                failures.add(what);
            }
        }

        Report report() {
            return new Report(current, resealed, failed, failures);
        }
    }
}
