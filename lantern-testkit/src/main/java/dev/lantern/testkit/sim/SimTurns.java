package dev.lantern.testkit.sim;

import dev.lantern.core.turns.Lane;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** The turns of one simulated process: its own wall clock, which may jump, and the world's queue for all else. */
final class SimTurns implements Turns {
    private static final int LOOPS = 2;

    private final Agenda agenda;
    private final Life life;
    private final Dice dice;
    private final Weather weather;
    private final List<SimLoop> loops = new ArrayList<>();
    private final Map<LaneName, SimLane> lanes = new EnumMap<>(LaneName.class);
    private Duration skew = Duration.ZERO;

    SimTurns(Agenda agenda, Life life, Dice dice, Weather weather, Defects defects) {
        this.agenda = agenda;
        this.life = life;
        this.dice = dice;
        this.weather = weather;
        for (int i = 0; i < LOOPS; i++) {
            loops.add(new SimLoop(agenda, life, dice, defects));
        }
        for (LaneName name : LaneName.values()) {
            lanes.put(name, new SimLane(name.width()));
        }
    }

    /** Moves the wall clock; the monotonic one does not move with it. */
    void jump(Duration by) {
        skew = skew.plus(by);
    }

    @Override
    public Instant now() {
        return agenda.instant().plus(skew);
    }

    @Override
    public long nanos() {
        return agenda.nanos();
    }

    @Override
    public byte[] random(int length) {
        return dice.bytes(length);
    }

    @Override
    public Loop loop(int number) {
        return loops.get(Math.floorMod(number, LOOPS));
    }

    @Override
    public Lane lane(LaneName name) {
        return Objects.requireNonNull(lanes.get(name), "lane");
    }

    /**
     * A call has its effect at one moment and its answer at a later one: a process that dies in between has changed
     * the world and never learns of it.
     */
    @Override
    public void work(String name, Runnable work) {
        throw new UnsupportedOperationException("nothing in the simulation has a thread: " + name);
    }

    private final class SimLane implements Lane {
        private final int width;
        private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
        private int busy;

        SimLane(int width) {
            this.width = width;
        }

        @Override
        public <T> void call(Loop loop, Callable<T> call, Consumer<Outcome<T>> done) {
            waiting.add(() -> begin(loop, call, done));
            next();
        }

        private void next() {
            while (busy < width && !waiting.isEmpty()) {
                busy++;
                agenda.in(life, weather.callLatency(), waiting.remove());
            }
        }

        private <T> void begin(Loop loop, Callable<T> call, Consumer<Outcome<T>> done) {
            Outcome<T> outcome = attempt(call);
            Duration longer = agenda.takeBlocked();
            agenda.in(life, weather.callLatency().plus(longer), () -> {
                busy--;
                loop.run(() -> done.accept(outcome));
                next();
            });
        }

        private <T> Outcome<T> attempt(Callable<T> call) {
            agenda.takeBlocked();
            try {
                return new Outcome.Value<>(call.call());
            } catch (Exception e) {
                return new Outcome.Failure<>(e);
            }
        }
    }
}
