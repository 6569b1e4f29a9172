package dev.lantern.core.runtime;

import dev.lantern.core.engine.Host;
import dev.lantern.core.engine.InboxForms;
import dev.lantern.core.engine.RunReader;
import dev.lantern.core.operations.ChainAudit;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.journal.RunRow;
import dev.lantern.run.AgentRun;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.Logs;
import dev.lantern.run.Retained;
import dev.lantern.run.RunDisposedException;
import dev.lantern.run.RunEvent;
import dev.lantern.run.RunResult;
import dev.lantern.run.RunStatus;
import dev.lantern.run.RunUsage;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** A handle: a name, and the runtime that it asks. */
final class CoreRun implements AgentRun {
    /** How often a run of another host is looked at. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    /** More than one, since the journal may go away between finding a run and reading it. */
    private static final int LOOKS_AT_THE_UNREADABLE = 3;

    private final RunRef run;
    private final long key;
    private final RuntimeParts parts;
    private final Host host;
    private final RunReader reader;
    private final ChainAudit audit;

    CoreRun(RunRef run, long key, RuntimeParts parts, Host host, RunReader reader, ChainAudit audit) {
        this.run = run;
        this.key = key;
        this.parts = parts;
        this.host = host;
        this.reader = reader;
        this.audit = audit;
    }

    @Override
    public RunRef ref() {
        return run;
    }

    @Override
    public RunStatus status() {
        return row().status();
    }

    @Override
    public RunResult await() throws InterruptedException {
        try {
            return onResult().get();
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<RunResult> await(Duration atMost) throws InterruptedException {
        try {
            return Optional.of(onResult().get(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private LanternException failed(ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        if (cause instanceof RunDisposedException disposed) {
            return new RunDisposedException("await run " + run, run, disposed.retained());
        }
        return new LanternException("run " + run + " could not be awaited: " + cause.getMessage(), cause);
    }

    @Override
    public CompletableFuture<RunResult> onResult() {
        return new Waiting<>(row -> decided(row) ? reader.result(row) : Optional.empty()).begin();
    }

    @Override
    public CompletableFuture<RunStatus> onEnd() {
        return new Waiting<>(row -> Optional.of(row.status()).filter(RunStatus::terminal)).begin();
    }

    private static boolean decided(RunRow row) {
        return row.status().terminal() || row.status() == RunStatus.STOPPING;
    }

    @Override
    public Retained retained() {
        return row().retained();
    }

    @Override
    public Logs logs() {
        return new CoreLogs(run, "", parts, this::onEnd);
    }

    @Override
    public List<RunEvent> events() {
        return reader.events(row());
    }

    @Override
    public List<RunEvent> events(long after, int max) {
        if (max < 1) {
            throw new LanternException("read the events of run " + run + ": at least one is asked for, found " + max);
        }
        return reader.events(row(), after, max);
    }

    @Override
    public void follow(long after, Consumer<? super RunEvent> event) {
        new Following(run, parts, reader).forEach(after, event);
    }

    @Override
    public ChainVerdict verify() {
        return audit.verify(row());
    }

    @Override
    public void export(OutputStream out) throws IOException {
        audit.export(row(), out);
    }

    @Override
    public RunUsage usage() {
        return reader.usage(row());
    }

    @Override
    public void cancel(String reason) {
        parts.journal().put(InboxForms.cancel(key, reason), parts.settings().callWithin());
        host.lookIntoInbox();
    }

    private RunRow row() {
        return reader.find(run).orElseThrow(this::gone);
    }

    private LanternException gone() {
        return new LanternException("run " + run + " is not in this journal any more; nothing that"
                + " Lantern does removes a run's row, so ask whoever restored or changed the database");
    }

    @Override
    public String toString() {
        return "AgentRun[" + run + "]";
    }

    /**
     * @param stands whether the run is in the journal
     * @param answer what is waited for, if it is there
     * @param unreadable why it cannot be read though the journal answers, if it cannot
     */
    private record Seen<T>(boolean stands, Optional<T> answer, Optional<LanternException> unreadable) {}

    /**
     * One wait: looks whenever the run may have moved, and by itself while another host owns it. A journal that is away
     * for a moment is waited for; one that fails for longer than a call may take ends the wait, not the run. A run that a
     * journal has and that cannot be read ends it soon.
     */
    private final class Waiting<T> {
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private final Function<RunRow, Optional<T>> look;
        private final Loop loop = parts.turns().loop(run.hashCode());
        /** Since when every look has failed. Turns of the loop only. */
        private OptionalLong failingSince = OptionalLong.empty();
        /** How many looks in a row found the run and could not read it. Turns of the loop only. */
        private int unreadable;

        Waiting(Function<RunRow, Optional<T>> look) {
            this.look = look;
        }

        CompletableFuture<T> begin() {
            RunWatches.Watch watch = parts.watches().add(run, this::lookNow);
            future.whenComplete((value, failure) -> watch.end());
            parts.onClose(future);
            lookNow();
            return future;
        }

        private void lookNow() {
            if (future.isDone()) {
                return;
            }
            parts.turns().lane(LaneName.READS).call(loop, this::look, (Outcome<Seen<T>> outcome) -> {
                if (outcome instanceof Outcome.Value<Seen<T>> seen) {
                    seen(seen.value());
                } else if (outcome instanceof Outcome.Failure<Seen<T>> failure) {
                    failed(failure.cause());
                }
            });
        }

        private Seen<T> look() {
            Optional<RunRow> row = reader.find(run);
            try {
                return new Seen<>(row.isPresent(), row.flatMap(look), Optional.empty());
            } catch (LanternException e) {
                return new Seen<>(row.isPresent(), Optional.empty(), Optional.of(e));
            }
        }

        private void seen(Seen<T> seen) {
            failingSince = OptionalLong.empty();
            if (seen.unreadable().isPresent()) {
                unreadable(seen.unreadable().get());
                return;
            }
            unreadable = 0;
            if (seen.stands()) {
                seen.answer().ifPresentOrElse(future::complete, this::lookLater);
            } else {
                future.completeExceptionally(gone());
            }
        }

        /** A damaged chain or a missing key does not get better by waiting; a journal that went away just now does. */
        private void unreadable(LanternException why) {
            unreadable++;
            if (unreadable >= LOOKS_AT_THE_UNREADABLE) {
                future.completeExceptionally(why);
            } else {
                loop.later(LOOK_AGAIN, this::lookNow);
            }
        }

        private void failed(Throwable failure) {
            long now = parts.turns().nanos();
            long since = failingSince.orElse(now);
            failingSince = OptionalLong.of(since);
            if (now - since > parts.settings().callWithin().toNanos()) {
                future.completeExceptionally(failure);
            } else {
                loop.later(LOOK_AGAIN, this::lookNow);
            }
        }

        /** While this host owns the run it is told of every move; otherwise somebody has to look. */
        private void lookLater() {
            if (!host.owns(run)) {
                loop.later(LOOK_AGAIN, this::lookNow);
            }
        }
    }
}
