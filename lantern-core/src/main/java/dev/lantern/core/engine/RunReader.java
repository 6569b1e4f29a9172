package dev.lantern.core.engine;

import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.Retained;
import dev.lantern.run.RunDisposedException;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunUsage;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import dev.lantern.value.PayloadCodec;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What handles tell of a run, from its chain alone. Blocks; thread-safe; works for every host's runs. */
public final class RunReader {
    private static final int PAGE = 5_000;
    /** No payload is answered from memory: another host may have erased it. */
    private static final long CACHE_BYTES = 0;

    private final Journal journal;
    private final ChainReader reader;
    private final PayloadCodec codec;
    private final Duration within;

    public RunReader(Journal journal, ChainForms forms, PayloadCodec codec, Duration within) {
        this.journal = journal;
        this.reader = new ChainReader(journal, forms.scribe(), new EventCache(CACHE_BYTES), within);
        this.codec = codec;
        this.within = within;
    }

    public Optional<RunRow> find(RunRef run) {
        return journal.find(run, within);
    }

    /** The run's result, as soon as its outcome is durable. */
    public Optional<RunResult> result(RunRow row) {
        return unlessDeleted(
                "read the result of run " + row.run(),
                row,
                () -> reader.fold(row).state().outcome().map(outcome -> result(row, outcome)));
    }

    public RunUsage usage(RunRow row) {
        RunState state = unlessDeleted("read the usage of run " + row.run(), row, () -> reader.fold(row))
                .state();
        UsageTotals usage = state.usage();
        return new RunUsage(
                state.steps().completed(),
                state.instances(),
                usage.inputTokens(),
                usage.outputTokens(),
                usage.cachedTokens(),
                usage.reasoningTokens(),
                usage.costUsd());
    }

    public List<RunEvent> events(RunRow row) {
        List<RunEvent> events = new ArrayList<>();
        List<RunEvent> page;
        do {
            page = events(row, events.size(), PAGE);
            events.addAll(page);
        } while (page.size() == PAGE);
        return events;
    }

    /** A stretch of the chain, in order. */
    public List<RunEvent> events(RunRow row, long after, int max) {
        String attempt = "read the events of run " + row.run();
        requireChain(attempt, row);
        List<RunEvent> events = new ArrayList<>();
        for (Event event : journal.read(row.key(), after, max, within)) {
            events.add(readable(event));
        }
        if (events.isEmpty() && row.head().seq() > after) {
            requireChain(attempt, find(row.run()).orElse(row));
        }
        return events;
    }

    private static RunEvent readable(Event event) {
        EventEnvelope envelope = EventEnvelope.parse(event.bytes());
        return new RunEvent(
                event.seq(),
                envelope.epoch(),
                envelope.time(),
                envelope.kind(),
                new String(event.bytes(), StandardCharsets.UTF_8));
    }

    /**
     * Refuses a run that was deleted.
     *
     * @throws RunDisposedException if it was
     */
    public static void requireChain(String attempt, RunRow row) {
        if (row.retained() == Retained.TOMBSTONE) {
            throw new RunDisposedException(attempt, row.run(), row.retained());
        }
    }

    /** A chain that is deleted while it is read looks damaged; the row, looked at again, tells which it is. */
    private <T> T unlessDeleted(String attempt, RunRow row, Supplier<T> reading) {
        requireChain(attempt, row);
        try {
            return reading.get();
        } catch (LanternException e) {
            find(row.run()).ifPresent(now -> requireChain(attempt, now));
            throw e;
        }
    }

    /**
     * What the run was spawned with.
     *
     * @param input the input's salt and form, empty once they were erased
     */
    public record Origin(Digest requested, Digest request, Optional<StoredOpening> input) {}

    public Origin origin(RunRow row) {
        ChainReader.Placed first =
                unlessDeleted("spawn run " + row.run(), row, () -> reader.at(row.run(), row.key(), 1));
        if (!(first.event() instanceof dev.lantern.core.event.RunEvent.RunCreated created)) {
            throw new LanternException(
                    "the chain of run " + row.run() + " does not begin with run_created; its journal is damaged");
        }
        return new Origin(
                created.requested(),
                created.request(),
                first.openings().stream().findFirst());
    }

    private RunResult result(RunRow row, RunOutcome outcome) {
        if (outcome instanceof RunOutcome.Success success) {
            return succeeded(row, success);
        } else if (outcome instanceof RunOutcome.Failure failure) {
            return new RunResult.Failed(failure.reason());
        } else if (outcome instanceof RunOutcome.Cancel cancel) {
            return new RunResult.Cancelled(cancel.reason());
        } else if (outcome instanceof RunOutcome.Limit limit) {
            return new RunResult.LimitExceeded(limit.limit(), limit.used(), limit.allowed());
        }
        return new RunResult.Refused(((RunOutcome.Refusal) outcome).violations());
    }

    private RunResult succeeded(RunRow row, RunOutcome.Success success) {
        if (success.output().isEmpty()) {
            return new RunResult.Succeeded(Payload.of("application/octet-stream", new byte[0], codec));
        }
        ChainReader.Placed placed = reader.at(row.run(), row.key(), success.seq());
        Optional<Opening> output = placed.openings().isEmpty()
                ? Optional.empty()
                : reader.open(
                        row.run(),
                        row.key(),
                        placed.openings().get(0),
                        success.output().get());
        return output.<RunResult>map(
                        opening -> new RunResult.Succeeded(Payload.of(opening.mediaType(), opening.bytes(), codec)))
                .orElseGet(RunResult.Erased::new);
    }
}
