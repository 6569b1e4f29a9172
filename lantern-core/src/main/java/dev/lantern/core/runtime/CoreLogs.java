package dev.lantern.core.runtime;

import dev.lantern.logs.LogLine;
import dev.lantern.run.Logs;
import dev.lantern.run.RunStatus;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads a run's lines from the store, waiting for the next ones until the run has ended. */
final class CoreLogs implements Logs {
    private static final int AT_ONCE = 500;
    /** Lines of a run on another host arrive without a sign. */
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final RunRef run;
    private final String cursor;
    private final RuntimeParts parts;
    private final Supplier<CompletableFuture<RunStatus>> end;

    CoreLogs(RunRef run, String cursor, RuntimeParts parts, Supplier<CompletableFuture<RunStatus>> end) {
        this.run = run;
        this.cursor = cursor;
        this.parts = parts;
        this.end = end;
    }

    @Override
    public Logs after(String other) {
        return new CoreLogs(run, other, parts, end);
    }

    @Override
    public void forEach(Consumer<? super LogLine> line) {
        Semaphore moved = new Semaphore(0);
        RunWatches.Watch watch = parts.logWatches().add(run, moved::release);
        parts.logWishes().begin(run);
        try {
            untilTheEnd(line, moved);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            parts.logWishes().end(run);
            watch.end();
        }
    }

    private void untilTheEnd(Consumer<? super LogLine> line, Semaphore moved) throws InterruptedException {
        CompletableFuture<RunStatus> ended = end.get();
        ended.whenComplete((status, failure) -> moved.release());
        try {
            follow(line, moved, ended);
        } finally {
            ended.cancel(false);
        }
    }

    private void follow(Consumer<? super LogLine> line, Semaphore moved, CompletableFuture<RunStatus> ended)
            throws InterruptedException {
        String at = cursor;
        long lastMark = -1;
        while (true) {
            // The order matters: what was written before the end was seen is in the store once the mark is.
            boolean over = ended.isDone();
            if (over && lastMark < 0) {
                lastMark = parts.logRelay().mark();
            }
            boolean complete = over && parts.logRelay().isStored(lastMark);
            List<LogLine> lines = parts.logs().read(run, at, AT_ONCE);
            for (LogLine one : lines) {
                line.accept(one);
                at = one.cursor();
            }
            if (lines.isEmpty()) {
                if (complete) {
                    return;
                }
                moved.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
            moved.drainPermits();
        }
    }
}
