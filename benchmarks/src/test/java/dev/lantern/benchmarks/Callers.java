package dev.lantern.benchmarks;

import dev.lantern.core.engine.GroupedAppends;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.ThreadedTurns;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Callers that append one event after the other through the engine's group commit, each waiting for its own to be
 * acknowledged. They are turns on the loops, as the engine's runs are, not threads.
 */
final class Callers {
    private final ThreadedTurns turns;
    private final GroupedAppends writer;
    private final BareRuns runs;
    private final LongAdder written = new LongAdder();
    private final CountDownLatch working;
    private final long until;

    private Callers(
            ThreadedTurns turns,
            Function<List<Append>, List<AppendResult>> backend,
            BareRuns runs,
            int callers,
            Duration time) {
        this.turns = turns;
        this.writer = new GroupedAppends(turns, backend);
        this.runs = runs;
        this.working = new CountDownLatch(callers);
        this.until = System.nanoTime() + time.toNanos();
    }

    /** Acknowledged appends per second of {@code callers} callers that divide the runs among themselves. */
    static double appendsPerSecond(
            Function<List<Append>, List<AppendResult>> backend, BareRuns runs, int callers, Duration time)
            throws InterruptedException {
        try (ThreadedTurns turns = ThreadedTurns.start()) {
            Callers all = new Callers(turns, backend, runs, callers, time);
            long begun = System.nanoTime();
            for (int number = 0; number < callers; number++) {
                Caller caller = all.new Caller(number, callers);
                caller.loop.run(caller::write);
            }
            all.working.await();
            return all.written.sum() / Rounds.seconds(begun);
        }
    }

    private final class Caller {
        private final int first;
        private final int every;
        private final Loop loop;
        private final Random random;

        Caller(int number, int callers) {
            this.first = number;
            this.every = callers;
            this.loop = turns.loop(number);
            this.random = new Random(number);
        }

        void write() {
            if (System.nanoTime() > until) {
                working.countDown();
                return;
            }
            int mine = (runs.count() - first + every - 1) / every;
            int run = first + every * random.nextInt(mine);
            writer.append(runs.next(run), loop, result -> {
                runs.written(run, result);
                written.increment();
                write();
            });
        }
    }
}
