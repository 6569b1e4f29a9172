package dev.lantern.k8s;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Lets many take turns on a few threads, each when its time has come, and whoever waits longest first. Threads come with
 * turns that are due and end when there is nothing to do for a while; one waits for the next turn. Thread-safe.
 */
final class Rota implements AutoCloseable {
    /** How long a thread waits for something to do before it ends. */
    private static final long LINGER = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final int most;
    private final BiConsumer<String, Runnable> work;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::due).thenComparingLong(Waiting::number));
    private long number;
    private int threads;
    private int idle;
    private boolean closed;

    private record Waiting(long due, long number, Runnable turn) {}

    /**
     * @param name of the threads
     * @param most how many threads there are at the most
     * @param work runs something on a thread of that name
     * @param nanos what time has passed, as {@link System#nanoTime}
     */
    Rota(String name, int most, BiConsumer<String, Runnable> work, LongSupplier nanos) {
        this.name = name;
        this.most = most;
        this.work = work;
        long begun = nanos.getAsLong();
        this.nanos = () -> nanos.getAsLong() - begun;
    }

    /** How many turns are taken at once. */
    int most() {
        return most;
    }

    /** {@code turn} is run once, after the pause at the earliest. After {@link #close} it is not. */
    void in(Duration pause, Runnable turn) {
        lock.lock();
        try {
            waiting.add(new Waiting(nanos.getAsLong() + pause.toNanos(), number++, turn));
            wakeOne();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it waited, and does not any more. */
    boolean remove(Runnable turn) {
        lock.lock();
        try {
            return waiting.removeIf(candidate -> candidate.turn().equals(turn));
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits whose time has come, because all threads are taken. */
    boolean isCrowded() {
        lock.lock();
        try {
            return threads == most
                    && idle == 0
                    && !waiting.isEmpty()
                    && waiting.element().due() <= nanos.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody's turn comes any more; turns that are being taken are not interrupted. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Somebody looks at the time, unless all threads have something to do and will do so afterwards. */
    private void wakeOne() {
        if (idle > 0) {
            changed.signal();
        } else if (!closed && threads < most) {
            work.accept(name, this::serve);
            threads++;
        }
    }

    private void serve() {
        boolean counted = true;
        try {
            Optional<Runnable> turn = next();
            while (turn.isPresent()) {
                turn.get().run();
                turn = next();
            }
            counted = false;
        } finally {
            if (counted) {
                replace();
            }
        }
    }

    /** Empty if this thread is not needed any more; from then on it does not count. */
    private Optional<Runnable> next() {
        lock.lock();
        try {
            long lingered = nanos.getAsLong() + LINGER;
            while (!closed && !Thread.currentThread().isInterrupted()) {
                long now = nanos.getAsLong();
                boolean linger = now < lingered;
                if (!waiting.isEmpty() && waiting.element().due() <= now) {
                    return Optional.of(take());
                }
                if (!linger && (idle > 0 || waiting.isEmpty())) {
                    break;
                }
                long until = waiting.isEmpty() ? lingered : waiting.element().due();
                rest((linger ? Math.min(until, lingered) : until) - now);
            }
            threads--;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Runnable take() {
        Runnable turn = waiting.remove().turn();
        if (!waiting.isEmpty()) {
            wakeOne();
        }
        return turn;
    }

    @SuppressWarnings("WaitNotInLoop") // Its caller looks again at the time and at who waits.
    private void rest(long pause) {
        idle++;
        try {
            changed.awaitNanos(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            idle--;
        }
    }

    /** A turn threw: its thread ends, and another one goes on. */
    private void replace() {
        lock.lock();
        try {
            threads--;
            if (!waiting.isEmpty()) {
                wakeOne();
            }
        } finally {
            lock.unlock();
        }
    }
}
