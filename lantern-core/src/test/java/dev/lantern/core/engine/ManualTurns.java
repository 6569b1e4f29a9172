package dev.lantern.core.engine;

import dev.lantern.core.turns.Lane;
import dev.lantern.core.turns.LaneFullException;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Turns, calls and time, each moved by hand. */
public final class ManualTurns implements Turns, Loop, Lane {
    private record Later(long at, Runnable turn) {}

    private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
    private final List<Later> timers = new ArrayList<>();
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos;
    private boolean full;

    @Override
    public void work(String name, Runnable work) {
        throw new AssertionError("nothing here has a thread: " + name);
    }

    public void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
        List<Later> due = new ArrayList<>(timers.stream()
                .filter(timer -> timer.at() <= nanos)
                .sorted(Comparator.comparingLong(Later::at))
                .toList());
        timers.removeAll(due);
        due.forEach(timer -> timer.turn().run());
    }

    void jump(Duration by) {
        wall = wall.plus(by);
    }

    /** The machine is suspended: only the wall clock goes on. */
    void suspend(Duration time) {
        wall = wall.plus(time);
    }

    void full(boolean now) {
        full = now;
    }

    /** Makes the call that waits longest. @return whether there was one */
    public boolean callNext() {
        Runnable call = calls.poll();
        if (call != null) {
            call.run();
        }
        return call != null;
    }

    public int waitingCalls() {
        return calls.size();
    }

    @Override
    public Instant now() {
        return wall;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public byte[] random(int length) {
        return new byte[length];
    }

    @Override
    public Loop loop(int number) {
        return this;
    }

    @Override
    public Lane lane(LaneName name) {
        return this;
    }

    @Override
    public void run(Runnable turn) {
        turn.run();
    }

    @Override
    public Timer later(Duration delay, Runnable turn) {
        Later timer = new Later(nanos + delay.toNanos(), turn);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public <T> void call(Loop loop, Callable<T> call, Consumer<Outcome<T>> done) {
        if (full) {
            done.accept(new Outcome.Failure<>(new LaneFullException(LaneName.JOURNAL, 1)));
            return;
        }
        calls.add(() -> {
            try {
                done.accept(new Outcome.Value<>(call.call()));
            } catch (Exception e) {
                done.accept(new Outcome.Failure<>(e));
            }
        });
    }
}
