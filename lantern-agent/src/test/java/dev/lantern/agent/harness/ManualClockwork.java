package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** Time that moves when the test says so. One thread. */
public final class ManualClockwork implements Clockwork {
    private record Turn(long at, long order, Runnable work, boolean[] cancelled) {}

    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparingLong(Turn::at).thenComparingLong(Turn::order));
    private final Random random;
    private long now;
    private long order;

    public ManualClockwork(long seed) {
        random = new Random(seed);
    }

    @Override
    public Timer later(Duration delay, Runnable turn) {
        boolean[] cancelled = new boolean[1];
        turns.add(new Turn(now + delay.toNanos(), order++, turn, cancelled));
        return () -> cancelled[0] = true;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Runs everything that is due now. */
    public void settle() {
        advance(Duration.ZERO);
    }

    /** Moves time on and runs everything that comes due, in order. */
    public void advance(Duration span) {
        long until = now + span.toNanos();
        while (!turns.isEmpty() && turns.peek().at() <= until) {
            Turn turn = turns.poll();
            now = Math.max(now, turn.at());
            if (!turn.cancelled()[0]) {
                turn.work().run();
            }
        }
        now = until;
    }

    /**
     * Runs the next turn, however far away.
     *
     * @return false if there is none
     */
    boolean next() {
        Turn turn = turns.poll();
        if (turn == null) {
            return false;
        }
        now = Math.max(now, turn.at());
        if (!turn.cancelled()[0]) {
            turn.work().run();
        }
        return true;
    }

    Duration elapsed() {
        return Duration.ofNanos(now);
    }
}
