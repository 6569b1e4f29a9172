package dev.lantern.core.engine;

import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunUsage;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import dev.lantern.value.PayloadCodec;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What handles tell of a run, from its chain alone. Blocks; thread-safe; works for every host's runs. */
public final class RunReader {
    private static final int PAGE = 5_000;
    private static final long CACHE_BYTES = 1024 * 1024;

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
        Folded folded = reader.fold(row);
        return folded.state().outcome().map(outcome -> result(row, outcome));
    }

    public RunUsage usage(RunRow row) {
        RunState state = reader.fold(row).state();
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
        List<Event> page;
        long after = 0;
        do {
            page = journal.read(row.key(), after, PAGE, within);
            for (Event event : page) {
                EventEnvelope envelope = EventEnvelope.parse(event.bytes());
                events.add(new RunEvent(
                        event.seq(),
                        envelope.epoch(),
                        envelope.time(),
                        envelope.kind(),
                        new String(event.bytes(), StandardCharsets.UTF_8)));
                after = event.seq();
            }
        } while (page.size() == PAGE);
        return events;
    }

    /**
     * What the run was spawned with.
     *
     * @param input the input's salt and form, empty once they were erased
     */
    public record Origin(Digest requested, Digest request, Optional<StoredOpening> input) {}

    public Origin origin(RunRow row) {
        ChainReader.Placed first = reader.at(row.run(), row.key(), 1);
        if (!(first.event() instanceof dev.lantern.core.event.RunEvent.RunCreated created)) {
            throw new dev.lantern.value.LanternException(
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
