package dev.lantern.core.runtime;

import dev.lantern.core.engine.RunReader;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunEvent;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Follows a run's events to their end, on the calling thread. What this host writes wakes it; for what other hosts write
 * it looks again, less and less often while nothing comes.
 */
final class Following {
    private static final int AT_ONCE = 500;
    private static final long SOON_MILLIS = 50;
    private static final long LATE_MILLIS = 2_000;

    private final RunRef run;
    private final RuntimeParts parts;
    private final RunReader reader;

    Following(RunRef run, RuntimeParts parts, RunReader reader) {
        this.run = run;
        this.parts = parts;
        this.reader = reader;
    }

    void forEach(long after, Consumer<? super RunEvent> event) {
        Semaphore moved = new Semaphore(0);
        RunWatches.Watch watch = parts.eventWatches().add(run, moved::release);
        try {
            follow(after, event, moved);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watch.end();
        }
    }

    private void follow(long after, Consumer<? super RunEvent> event, Semaphore moved) throws InterruptedException {
        long at = after;
        long wait = SOON_MILLIS;
        while (true) {
            // Before the look: what is written during it leaves a permit for the next one.
            moved.drainPermits();
            RunRow row = uninterrupted(this::row);
            if (row.head().seq() > at) {
                at = handOver(row, at, event);
                wait = SOON_MILLIS;
            } else if (row.closed()) {
                return;
            } else if (moved.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
                wait = SOON_MILLIS;
            } else {
                wait = Math.min(2 * wait, LATE_MILLIS);
            }
        }
    }

    private long handOver(RunRow row, long after, Consumer<? super RunEvent> event) throws InterruptedException {
        long at = after;
        List<RunEvent> page;
        do {
            long behind = at;
            page = uninterrupted(() -> reader.events(row, behind, AT_ONCE));
            for (RunEvent one : page) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                event.accept(one);
                at = one.seq();
            }
        } while (page.size() == AT_ONCE);
        if (at < row.head().seq()) {
            throw new LanternException("follow run " + run + ": its chain ends at event " + at + " and its row says "
                    + row.head().seq() + "; its journal is damaged, run.verify() says where");
        }
        return at;
    }

    /** A journal that is interrupted throws what it always throws; here it is no failure. */
    private static <T> T uninterrupted(Supplier<T> reading) throws InterruptedException {
        try {
            return reading.get();
        } catch (LanternException e) {
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException();
                interrupted.initCause(e);
                throw interrupted;
            }
            throw e;
        }
    }

    private RunRow row() {
        return reader.find(run)
                .orElseThrow(() -> new LanternException("follow run " + run + ": it is not in this journal any more"));
    }
}
