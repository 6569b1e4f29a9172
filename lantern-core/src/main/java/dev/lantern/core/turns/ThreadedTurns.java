package dev.lantern.core.turns;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turns of a real process: a few loop threads, a bounded pool for each lane, the system's clocks and its
 * secure random numbers. Owned and closed by the runtime.
 */
public final class ThreadedTurns implements Turns, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadedTurns.class);
    private static final int QUEUED_CALLS = 20_000;

    private final SecureRandom random = new SecureRandom();
    private final List<ThreadLoop> loops = new ArrayList<>();
    private final Map<LaneName, PoolLane> lanes = new EnumMap<>(LaneName.class);

    private ThreadedTurns(int loopCount) {
        for (int i = 0; i < loopCount; i++) {
            loops.add(new ThreadLoop(i));
        }
        for (LaneName name : LaneName.values()) {
            lanes.put(name, new PoolLane(name));
        }
    }

    /** Starts the threads: one loop per two processors, two at least, and the lanes as they are needed. */
    public static ThreadedTurns start() {
        return new ThreadedTurns(Math.max(2, Runtime.getRuntime().availableProcessors() / 2));
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public Loop loop(int number) {
        return loops.get(Math.floorMod(number, loops.size()));
    }

    @Override
    public Lane lane(LaneName name) {
        PoolLane lane = lanes.get(name);
        if (lane == null) {
            throw new IllegalStateException("no lane " + name);
        }
        return lane;
    }

    @Override
    public void work(String name, Runnable work) {
        Thread thread = new Thread(() -> guarded(work), name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets calls that run finish for a moment, drops the rest, and ends the threads. */
    @Override
    public void close() {
        lanes.values().forEach(lane -> lane.pool.shutdown());
        lanes.values().forEach(PoolLane::end);
        loops.forEach(loop -> loop.thread.shutdownNow());
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "lantern-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static void guarded(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error e) {
            // A turn that throws is a defect of ours. The loop lives on, for the other runs that it serves.
            LOG.error("a turn failed", e);
        }
    }

    private static final class ThreadLoop implements Loop {
        private final ScheduledThreadPoolExecutor thread;

        ThreadLoop(int number) {
            thread = new ScheduledThreadPoolExecutor(1, daemons("loop-" + number));
            thread.setRemoveOnCancelPolicy(true);
            thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }

        @Override
        public void run(Runnable turn) {
            try {
                thread.execute(() -> guarded(turn));
            } catch (RejectedExecutionException e) {
                LOG.debug("a turn came after the runtime was closed");
            }
        }

        @Override
        public Timer later(Duration delay, Runnable turn) {
            try {
                ScheduledFuture<?> future =
                        thread.schedule(() -> guarded(turn), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
                return () -> future.cancel(false);
            } catch (RejectedExecutionException e) {
                LOG.debug("a timer came after the runtime was closed");
                return () -> {};
            }
        }
    }

    private static final class PoolLane implements Lane {
        private final LaneName name;
        private final ThreadPoolExecutor pool;

        PoolLane(LaneName name) {
            this.name = name;
            pool = new ThreadPoolExecutor(
                    name.width(),
                    name.width(),
                    10,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(QUEUED_CALLS),
                    daemons(name.name().toLowerCase(java.util.Locale.ROOT)));
            pool.allowCoreThreadTimeOut(true);
        }

        @Override
        public <T> void call(Loop loop, Callable<T> call, Consumer<Outcome<T>> done) {
            try {
                pool.execute(() -> {
                    Outcome<T> outcome = attempt(call);
                    loop.run(() -> done.accept(outcome));
                });
            } catch (RejectedExecutionException e) {
                RuntimeException why = pool.isShutdown()
                        ? new LaneClosedException(name)
                        : new LaneFullException(name, pool.getQueue().size());
                loop.run(() -> done.accept(new Outcome.Failure<>(why)));
            }
        }

        void end() {
            try {
                if (!pool.awaitTermination(2, TimeUnit.SECONDS)) {
                    pool.shutdownNow();
                }
            } catch (InterruptedException e) {
                pool.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }

        private static <T> Outcome<T> attempt(Callable<T> call) {
            try {
                return new Outcome.Value<>(call.call());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Outcome.Failure<>(e);
            } catch (Exception | Error e) {
                return new Outcome.Failure<>(e);
            }
        }
    }
}
