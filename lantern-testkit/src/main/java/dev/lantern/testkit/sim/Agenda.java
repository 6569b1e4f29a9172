package dev.lantern.testkit.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * One queue of work in virtual time: all that a simulated world does, it does in tasks of this queue, one after the
 * other in one thread. Tasks of one moment run in an order that the seed decides.
 */
final class Agenda {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    private static final Comparator<Task> ORDER = Comparator.comparingLong((Task task) -> task.at)
            .thenComparingLong(task -> task.tie)
            .thenComparingLong(task -> task.number);

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(ORDER);
    private final Dice dice;
    private final Life everlasting = new Life("world");
    private long now;
    private long numbers;
    private long blocked;

    Agenda(Dice dice) {
        this.dice = dice;
    }

    /** Nanoseconds since the world began. */
    long nanos() {
        return now;
    }

    /** The true time, which is also the journal's. */
    Instant instant() {
        return BEGINNING.plusNanos(now);
    }

    /** Does {@code work} after {@code delay}, if {@code life} still lives then. */
    Task in(Life life, Duration delay, Runnable work) {
        Task task = new Task(now + Math.max(0, delay.toNanos()), dice.next(), ++numbers, life, work);
        tasks.add(task);
        return task;
    }

    /** Work of the world itself, which nothing ends or pauses. */
    Task in(Duration delay, Runnable work) {
        return in(everlasting, delay, work);
    }

    /** Makes the blocking call that is under way take {@code longer}: its answer comes later. */
    void block(Duration longer) {
        blocked += longer.toNanos();
    }

    /** How much longer the call that just ended took. */
    Duration takeBlocked() {
        Duration longer = Duration.ofNanos(blocked);
        blocked = 0;
        return longer;
    }

    /** Does the next task; false if there is none. */
    boolean step() {
        Task task = tasks.poll();
        if (task == null) {
            return false;
        }
        now = Math.max(now, task.at);
        if (task.cancelled || task.life.ended()) {
            return true;
        }
        if (task.life.paused()) {
            task.life.postpone(task.work);
        } else {
            task.work.run();
        }
        return true;
    }

    /** Goes on where {@link Life#pause} held it. What was postponed is done first, in its order. */
    void resume(Life life) {
        for (Runnable work : life.resume()) {
            Task task = new Task(now, Long.MIN_VALUE, ++numbers, life, work);
            tasks.add(task);
        }
    }

    /** Something that is to be done. */
    static final class Task {
        private final long at;
        private final long tie;
        private final long number;
        private final Life life;
        private final Runnable work;
        private boolean cancelled;

        private Task(long at, long tie, long number, Life life, Runnable work) {
            this.at = at;
            this.tie = tie;
            this.number = number;
            this.life = life;
            this.work = work;
        }

        void cancel() {
            cancelled = true;
        }
    }
}
