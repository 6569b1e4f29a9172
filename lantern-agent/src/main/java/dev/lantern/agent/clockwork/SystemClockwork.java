package dev.lantern.agent.clockwork;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The clockwork of a real process: one daemon thread for turns, daemon threads for blocking work.
 *
 * <p>Thread-safe. After {@link #close} no turn begins any more and turns handed in are dropped.
 */
public final class SystemClockwork implements Clockwork, Workers, AutoCloseable {
    private static final Timer NEVER = () -> {};

    private final SecureRandom random = new SecureRandom();
    private final ScheduledThreadPoolExecutor turns;
    private final Consumer<Throwable> failures;

    private SystemClockwork(Consumer<Throwable> failures) {
        this.failures = failures;
        this.turns = new ScheduledThreadPoolExecutor(1, turn -> daemon("lantern-turns", turn));
        turns.setRemoveOnCancelPolicy(true);
        turns.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * A clockwork that runs until it is closed.
     *
     * @param failures told of what a turn or a worker threw; such a turn has ended, the clockwork goes on
     */
    public static SystemClockwork start(Consumer<Throwable> failures) {
        return new SystemClockwork(failures);
    }

    @Override
    public Timer later(Duration delay, Runnable turn) {
        try {
            ScheduledFuture<?> scheduled = turns.schedule(() -> guarded(turn), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException closed) {
            return NEVER;
        }
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    /** The machine's wall clock, which may jump; only for what is compared with times that others have written down. */
    public InstantSource wallClock() {
        return InstantSource.system();
    }

    @Override
    public byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void start(String name, Runnable work) {
        daemon(name, () -> guarded(work)).start();
    }

    @Override
    public void close() {
        turns.shutdownNow();
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            failures.accept(e);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
