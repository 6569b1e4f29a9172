package dev.lantern.testkit.sim;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.core.turns.Loop;
import java.time.Duration;
import java.util.ArrayDeque;

/** Turns of one loop: strictly one after the other, in the order in which they were given. */
final class SimLoop implements Loop, Clockwork {
    private final Agenda agenda;
    private final Life life;
    private final Dice dice;
    private final Defects defects;
    private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
    private boolean turning;

    SimLoop(Agenda agenda, Life life, Dice dice, Defects defects) {
        this.agenda = agenda;
        this.life = life;
        this.dice = dice;
        this.defects = defects;
    }

    @Override
    public void run(Runnable turn) {
        turns.add(turn);
        plan();
    }

    @Override
    public Waiting later(Duration delay, Runnable turn) {
        Agenda.Task task = agenda.in(life, delay, () -> run(turn));
        return task::cancel;
    }

    @Override
    public long nanos() {
        return agenda.nanos();
    }

    @Override
    public byte[] random(int length) {
        return dice.bytes(length);
    }

    private void plan() {
        if (!turning && !turns.isEmpty()) {
            turning = true;
            agenda.in(life, Duration.ofNanos(dice.between(1_000, 200_000)), this::turn);
        }
    }

    private void turn() {
        turning = false;
        defects.guard(life, turns.remove());
        plan();
    }

    /** A timer of either kind. */
    @FunctionalInterface
    interface Waiting extends Loop.Timer, Clockwork.Timer {
        @Override
        void cancel();
    }
}
