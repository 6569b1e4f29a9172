package dev.lantern.torture;

import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Users of the host application: each spawns a run at some host, asks again until it is acknowledged, cancels what
 * waits for it, and goes on to the next run when the journal says that this one has ended. Thread-safe.
 */
final class Users implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final long seed;
    private final Fleet fleet;
    private final Oracle oracle;
    private final Journal truth;
    private final AtomicInteger spawned = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final Map<RunRef, String> underWay = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();

    Users(long seed, Fleet fleet, Oracle oracle, Journal truth) {
        this.seed = seed;
        this.fleet = fleet;
        this.oracle = oracle;
        this.truth = truth;
    }

    void begin(int users) {
        for (int user = 0; user < users; user++) {
            Random dice = new Random(seed + 100 + user);
            Thread thread = new Thread(() -> live(dice), "user " + user);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    int spawned() {
        return spawned.get();
    }

    int ended() {
        return ended.get();
    }

    /** Nobody spawns a further run. */
    void enough() {
        enough.set(true);
    }

    boolean areGone() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    /** What is waited for, run by run. */
    String underWay() {
        return new TreeMap<>(underWay).toString();
    }

    @Override
    public void close() {
        enough();
        threads.forEach(Thread::interrupt);
    }

    private void live(Random dice) {
        try {
            while (!enough.get()) {
                carryThrough(Plan.of(seed, spawned.incrementAndGet()), dice);
                ended.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            oracle.defect("a user ran into " + e);
        }
    }

    private void carryThrough(Plan plan, Random dice) throws InterruptedException {
        RunRef run = plan.run();
        underWay.put(run, "spawn");
        atSomeHost(dice, host -> host.spawn(run.tenant(), run.run()));
        oracle.spawned(run);
        if (dice.nextInt(6) == 0) {
            underWay.put(run, "second spawn");
            atSomeHost(dice, host -> host.spawn(run.tenant(), run.run()));
        }
        boolean hasty = dice.nextInt(12) == 0;
        if (plan.patient() && !hasty) {
            underWay.put(run, "an agent that waits");
            Wait.until(run + " waits for its cancel", Wait.LONG, () -> oracle.isWaiting(run) || hasEnded(run));
        }
        if (plan.patient() || hasty) {
            underWay.put(run, "cancel");
            oracle.cancels(run);
            atSomeHost(dice, host -> host.cancel(run.tenant(), run.run()));
        }
        underWay.put(run, "end");
        Wait.until(run + " ends", Wait.LONG, () -> hasEnded(run));
        underWay.remove(run);
    }

    private interface Request {
        void make(RemoteHost host) throws RemoteException;
    }

    /** Asks hosts until one says that it is durable. */
    private void atSomeHost(Random dice, Request request) throws InterruptedException {
        while (true) {
            Optional<RemoteHost> host = fleet.remote(fleet.any(dice));
            if (host.isPresent()) {
                try {
                    request.make(host.get());
                    return;
                } catch (RemoteException | LanternException e) {
                    // Nothing is known about it; asking again is safe, here or elsewhere.
                    Wait.aMoment();
                }
            } else {
                Wait.aMoment();
            }
        }
    }

    private boolean hasEnded(RunRef run) {
        try {
            return truth.find(run, WITHIN).filter(row -> row.host().isEmpty()).isPresent();
        } catch (LanternException e) {
            // The database is down; nothing is known.
            return false;
        }
    }
}
