package dev.lantern.testkit.sim;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** Sees every write arrive at the journal, and holds each against the row as it was right before. */
final class JournalHistory extends ForwardingJournal {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Journal truth;
    private final Timeline timeline;
    private final Defects defects;
    private final Function<InstanceRef, Boolean> stands;
    private final Consumer<RunRef> written;
    private final Map<Long, RunRef> names = new LinkedHashMap<>();
    private long writes;
    private long moves;

    /**
     * @param truth what is stored, whatever stands between
     * @param stands whether the cluster holds an instance
     * @param written told of each run whose chain is longer than before
     */
    JournalHistory(
            Journal inner,
            Journal truth,
            Timeline timeline,
            Defects defects,
            Function<InstanceRef, Boolean> stands,
            Consumer<RunRef> written) {
        super(inner);
        this.written = written;
        this.stands = stands;
        this.truth = truth;
        this.timeline = timeline;
        this.defects = defects;
    }

    long writes() {
        return writes;
    }

    /** The runs that were made, in the order of their making. */
    List<RunRef> runs() {
        return List.copyOf(names.values());
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        List<CreateResult> results = super.create(group, within);
        for (Create create : group) {
            RunRow row = truth.find(create.run(), SOON).orElseThrow();
            if (names.putIfAbsent(row.key(), create.run()) == null) {
                wrote(create.run(), "host " + create.host() + " creates " + create.run(), row);
            }
        }
        return results;
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        List<RunRow> before = new ArrayList<>();
        for (Append append : group) {
            before.add(row(append));
        }
        List<AppendResult> results = super.append(group, within);
        for (int i = 0; i < group.size(); i++) {
            judge(group.get(i), before.get(i), row(group.get(i)), results.get(i));
        }
        return results;
    }

    @Override
    public List<RunRow> claimLapsed(long host, int max, Duration within) {
        List<RunRow> claimed = super.claimLapsed(host, max, within);
        for (RunRow row : claimed) {
            timeline.note("journal", () -> "host " + host + " claims " + row.run());
            timeline.mark("claim " + host + row.run());
        }
        return claimed;
    }

    @Override
    public Optional<RunRow> claim(long key, long from, long host, Duration within) {
        Optional<RunRow> claimed = super.claim(key, from, host, within);
        claimed.filter(row -> row.host().equals(OptionalLong.of(host))).ifPresent(row -> {
            moves++;
            timeline.note("journal", () -> "host " + host + " takes " + row.run() + " from host " + from);
            timeline.mark("take " + host + row.run());
        });
        return claimed;
    }

    /** How often a run was taken from a named owner. */
    long moves() {
        return moves;
    }

    private RunRow row(Append append) {
        RunRef run = names.get(append.key());
        if (run == null) {
            throw new IllegalStateException("no run has key " + append.key());
        }
        return truth.find(run, SOON).orElseThrow();
    }

    private void judge(Append append, RunRow before, RunRow after, AppendResult result) {
        RunRef run = before.run();
        String what = "host " + append.fence().host() + " appends " + kinds(append) + " to " + run;
        if (after.head().equals(before.head())) {
            timeline.note("journal", () -> what + ": " + result.getClass().getSimpleName());
            return;
        }
        wrote(run, what, after);
        InstanceRef newest = new InstanceRef(run, before.epoch());
        if (append.closes() && stands.apply(newest) && !text(append).contains(newest.toString())) {
            defects.found(what + " though " + newest + " stands, and does not name it");
        }
        if (before.host().isEmpty()) {
            defects.found(what + " though it is closed");
        } else if (before.host().getAsLong() != append.fence().host()) {
            defects.found(what + " though host " + before.host().getAsLong() + " owns it");
        }
        if (before.epoch() != append.fence().epoch()) {
            defects.found(what + " behind epoch " + append.fence().epoch() + " though it is " + before.epoch());
        }
        if (!before.head().equals(append.fence().head())) {
            defects.found(what + " behind event " + append.fence().head().seq() + " though the chain ends at "
                    + before.head().seq());
        }
    }

    private void wrote(RunRef run, String what, RunRow after) {
        writes++;
        timeline.note("journal", () -> what + " up to " + after.head().seq());
        timeline.mark(run + after.head().hash().hex());
        written.accept(run);
    }

    private static String text(Append append) {
        return new String(append.events().get(append.events().size() - 1).bytes(), StandardCharsets.UTF_8);
    }

    private static String kinds(Append append) {
        StringBuilder kinds = new StringBuilder();
        for (dev.lantern.journal.Event event : append.events()) {
            kinds.append(kinds.isEmpty() ? "" : "+")
                    .append(dev.lantern.core.format.EventEnvelope.parse(event.bytes())
                            .kind());
        }
        return kinds.toString();
    }
}
