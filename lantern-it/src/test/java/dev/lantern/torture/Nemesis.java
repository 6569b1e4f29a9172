package dev.lantern.torture;

import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Inflicts each fault once a round, in an order that follows from the seed. A fault ends when its effect was seen, and
 * the next one comes when there was progress again: steps that were completed behind it. One thread.
 */
final class Nemesis {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final int PROGRESS = 5;
    private static final int MOST_LOST = 4;

    private final Random dice;
    private final Fleet fleet;
    private final Cluster cluster;
    private final Postgres postgres;
    private final Oracle oracle;
    private final Journal truth;
    private final Map<Fault, Integer> inflicted = new EnumMap<>(Fault.class);
    private int lost;

    Nemesis(long seed, Fleet fleet, Cluster cluster, Postgres postgres, Oracle oracle, Journal truth) {
        this.dice = new Random(seed);
        this.fleet = fleet;
        this.cluster = cluster;
        this.postgres = postgres;
        this.oracle = oracle;
        this.truth = truth;
    }

    /** How often each fault was inflicted and seen. */
    Map<Fault, Integer> inflicted() {
        return inflicted;
    }

    int lostInstances() {
        return lost;
    }

    void round() throws IOException, InterruptedException {
        List<Fault> order = new ArrayList<>(List.of(Fault.values()));
        Collections.shuffle(order, dice);
        for (Fault fault : order) {
            long began = System.nanoTime();
            inflict(fault);
            inflicted.merge(fault, 1, Integer::sum);
            long seen = System.nanoTime();
            awaitProgress(fault);
            System.out.printf(
                    "torture: %s, seen after %d ms, overcome after %d ms%n",
                    fault, (seen - began) / 1_000_000, (System.nanoTime() - seen) / 1_000_000);
        }
    }

    private void awaitProgress(Fault fault) throws InterruptedException {
        int before = oracle.completions();
        Wait.until("progress after " + fault, Wait.LONG, () -> oracle.completions() >= before + PROGRESS);
    }

    private void inflict(Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case HOST_KILLED -> killHost();
            case HOST_PAUSED -> pauseHost();
            case HOST_ISOLATED -> isolateHost();
            case CUT_BEFORE_THE_REQUEST -> cut(Cut.BEFORE_THE_REQUEST);
            case CUT_INSIDE_THE_REQUEST -> cut(Cut.INSIDE_THE_REQUEST);
            case CUT_BEFORE_THE_REPLY -> cut(Cut.BEFORE_THE_REPLY);
            case CUT_INSIDE_THE_REPLY -> cut(Cut.INSIDE_THE_REPLY);
            case INSTANCES_LOST -> loseInstances();
            case BACKEND_KILLED -> postgres.killOneBackend();
            case DATABASE_STOPPED -> stopDatabase();
            case DISK_FULL -> fillDisk();
        }
    }

    private void killHost() throws IOException, InterruptedException {
        fleet.kill(fleet.any(dice));
        fleet.startOne();
        fleet.awaitArrivals();
    }

    private void pauseHost() throws InterruptedException {
        HostProcess host = busyHost();
        host.pause();
        try {
            awaitAdoption(host, "paused");
        } finally {
            host.resume();
        }
        Wait.until(host + " goes on", Wait.LONG, () -> answers(host));
    }

    private boolean answers(HostProcess host) {
        try {
            Optional<RemoteHost> remote = fleet.remote(host);
            if (remote.isPresent()) {
                remote.get().ping();
            }
            return remote.isPresent();
        } catch (RemoteException e) {
            return false;
        }
    }

    private void isolateHost() throws InterruptedException {
        HostProcess host = busyHost();
        host.database().isolate();
        try {
            awaitAdoption(host, "isolated");
        } finally {
            host.database().heal();
        }
    }

    /** A host that owns a run, so that there is something to adopt. */
    private HostProcess busyHost() throws InterruptedException {
        HostProcess[] found = new HostProcess[1];
        Wait.until("a host owns a run", Wait.LONG, () -> {
            found[0] = fleet.any(dice);
            return owns(found[0]);
        });
        return found[0];
    }

    private void awaitAdoption(HostProcess host, String how) throws InterruptedException {
        Wait.until("others adopt the runs of " + host + ", which is " + how, Wait.LONG, () -> !owns(host));
    }

    /** While the database does not answer it may own as much as it did. */
    private boolean owns(HostProcess host) {
        try {
            return !truth.owned(fleet.incarnation(host), 0, 1, WITHIN).isEmpty();
        } catch (LanternException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** At least one of each kind; the fault is over when no zombie is left. */
    private void loseInstances() throws InterruptedException {
        int before = lost;
        Wait.until("instances to lose", Wait.LONG, () -> {
            lost += cluster.loseSome(MOST_LOST);
            return lost - before >= 2;
        });
        Wait.until("zombies learn what they are", Wait.LONG, () -> cluster.zombies() == 0);
    }

    private void cut(Cut cut) throws InterruptedException {
        for (HostProcess host : fleet.hosts()) {
            host.database().arm(cut);
        }
        Wait.until(
                "a write is cut " + cut,
                Wait.LONG,
                () -> fleet.hosts().stream().anyMatch(host -> !host.database().isArmed()));
    }

    private void stopDatabase() throws IOException {
        postgres.stopImmediately();
        postgres.start();
    }

    private void fillDisk() throws IOException, InterruptedException {
        if (!postgres.hasOwnDisk()) {
            pretendThatTheDiskIsFull();
            return;
        }
        int before = postgres.complaintsOfFullDisk();
        postgres.fillDisk();
        try {
            Wait.until("PostgreSQL complains of its full disk", Wait.LONG, () -> complains(before));
        } finally {
            postgres.freeDisk();
        }
        if (!postgres.isUp()) {
            postgres.restart();
        }
    }

    private boolean complains(int before) {
        try {
            return postgres.complaintsOfFullDisk() > before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pretendThatTheDiskIsFull() throws InterruptedException {
        int refused = pretend(true);
        Wait.until("writes are refused", Wait.LONG, () -> pretend(true) > refused);
        pretend(false);
    }

    /** @return how many statements were refused by now */
    private int pretend(boolean full) {
        int refused = 0;
        for (HostProcess host : fleet.hosts()) {
            Optional<RemoteHost> remote = fleet.remote(host);
            if (remote.isPresent()) {
                try {
                    refused += remote.get().diskIsFull(full);
                } catch (RemoteException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return refused;
    }
}
