package dev.lantern.torture;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.transport.GatewayAddress;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Where instances run and hosts are reached: what Kubernetes is in production. Thread-safe. */
final class Cluster implements RemoteCluster, AutoCloseable {
    private static final int CLOCKWORKS = 2;

    /** A host that has arrived, and the queue of what the watch has to tell it. */
    private record Member(Arrival arrival, RemoteHost host, ExecutorService watch) {}

    private final long seed;
    private final Oracle oracle;
    private final Random dice;
    private final List<SystemClockwork> clockworks = new ArrayList<>();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<Place, TorturedInstance> standing = new LinkedHashMap<>();
    private final List<TorturedInstance> zombies = new ArrayList<>();
    private final CuttingProxy service;

    Cluster(long seed, Oracle oracle) {
        this.seed = seed;
        this.oracle = oracle;
        this.dice = new Random(seed + 1);
        for (int i = 0; i < CLOCKWORKS; i++) {
            clockworks.add(SystemClockwork.start(failure -> oracle.defect("an instance threw " + failure)));
        }
        this.service = CuttingProxy.to(this::someGateway);
    }

    // -- for hosts -------------------------------------------------------------------------------------------

    @Override
    public synchronized void arrived(Arrival arrival, RemoteHost host) {
        members.put(
                arrival.name(),
                new Member(
                        arrival,
                        host,
                        Executors.newSingleThreadExecutor(work -> daemon("watch of " + arrival.name(), work))));
        notifyAll();
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public synchronized void start(Start start) {
        Place place = start.place();
        if (standing.containsKey(place)) {
            return;
        }
        TorturedInstance[] self = new TorturedInstance[1];
        TorturedInstance instance = new TorturedInstance(
                start,
                Plan.of(seed, place.ref().run()),
                oracle,
                new GatewayAddress("127.0.0.1", service.port()),
                clockworks.get(Math.floorMod(place.run().hashCode(), CLOCKWORKS)),
                how -> ended(place, self[0], how));
        self[0] = instance;
        standing.put(place, instance);
        instance.start();
    }

    @Override
    public void stop(Place place) {
        TorturedInstance instance;
        synchronized (this) {
            instance = standing.remove(place);
        }
        if (instance != null) {
            instance.stop();
        }
    }

    @Override
    public synchronized List<Place> standing() {
        return List.copyOf(standing.keySet());
    }

    private synchronized void ended(Place place, TorturedInstance instance, RemoteHost.Ending how) {
        zombies.remove(instance);
        if (standing.remove(place, instance)) {
            tell(place, how);
        }
    }

    /** A host that does not hear it is dead, or asks what stands when it adopts. */
    private synchronized void tell(Place place, RemoteHost.Ending how) {
        for (Member member : members.values()) {
            member.watch().execute(() -> {
                try {
                    member.host().ended(place, how);
                } catch (RemoteException e) {
                    System.err.println(member.arrival().name() + " did not hear of the end of " + place);
                }
            });
        }
    }

    // -- for the test ----------------------------------------------------------------------------------------

    /** Waits until the host has arrived. */
    synchronized Arrival await(String name, java.util.function.BooleanSupplier alive) throws InterruptedException {
        while (!members.containsKey(name)) {
            if (!alive.getAsBoolean()) {
                throw new AssertionError(name + " ended before its runtime was open");
            }
            wait(100);
        }
        return members.get(name).arrival();
    }

    synchronized Optional<RemoteHost> host(String name) {
        return Optional.ofNullable(members.get(name)).map(Member::host);
    }

    /** The process is dead: the service no longer leads to it, the watch no longer tells it. */
    synchronized void gone(String name) {
        Member member = members.remove(name);
        if (member != null) {
            member.watch().shutdownNow();
        }
    }

    private synchronized int someGateway() {
        if (members.isEmpty()) {
            return CuttingProxy.NOWHERE;
        }
        List<Member> all = List.copyOf(members.values());
        String gateway = all.get(dice.nextInt(all.size())).arrival().gateway();
        return GatewayAddress.parse(gateway).port();
    }

    /** Nodes go: each second instance dies, each other one lives on where nobody sees it. @return how many went */
    int loseSome(int most) {
        List<TorturedInstance> dying = new ArrayList<>();
        int lost = 0;
        synchronized (this) {
            List<Place> places = new ArrayList<>(standing.keySet());
            java.util.Collections.shuffle(places, dice);
            for (Place place : places.subList(0, Math.min(most, places.size()))) {
                TorturedInstance instance = takeAway(place);
                if (lost++ % 2 == 0) {
                    zombies.add(instance);
                } else {
                    dying.add(instance);
                }
                tell(place, RemoteHost.Ending.LOST);
            }
        }
        dying.forEach(TorturedInstance::stop);
        return lost;
    }

    private TorturedInstance takeAway(Place place) {
        @Nullable TorturedInstance instance = standing.remove(place);
        if (instance == null) {
            throw new IllegalStateException(place + " does not stand");
        }
        return instance;
    }

    synchronized int zombies() {
        return zombies.size();
    }

    /** Whether no instance runs, seen or unseen. */
    synchronized boolean isEmpty() {
        return standing.isEmpty() && zombies.isEmpty();
    }

    @Override
    public void close() {
        service.close();
        List<TorturedInstance> left;
        synchronized (this) {
            left = new ArrayList<>(standing.values());
            left.addAll(zombies);
            standing.clear();
            zombies.clear();
            List.copyOf(members.keySet()).forEach(this::gone);
        }
        left.forEach(TorturedInstance::stop);
        clockworks.forEach(SystemClockwork::close);
    }
}
