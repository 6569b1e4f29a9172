package dev.lantern.testkit.kubernetes;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@link Fault} that is in place: what it has hit, and the way to end it. Thread-safe. */
public final class Injection {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final World world;
    private final RequestMatcher requests;
    private final Fault fault;
    private final AtomicInteger hits = new AtomicInteger();
    private final Semaphore unseen = new Semaphore(0);
    private final List<Runnable> held = new ArrayList<>();
    private final List<Wire> stalled = new ArrayList<>();
    private long left;
    private boolean released;

    Injection(World world, RequestMatcher requests, Fault fault, long times) {
        this.world = world;
        this.requests = requests;
        this.fault = fault;
        this.left = times;
    }

    /** How many requests it has hit. */
    public int hits() {
        return hits.get();
    }

    /**
     * Waits until it has hit one more request than this call has returned for.
     *
     * @throws LanternException if none comes within a minute
     */
    public void awaitHit() {
        try {
            if (!unseen.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new LanternException("no request came within " + PATIENCE + " that is " + requests);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException("interrupted while waiting for a request that is " + requests, e);
        }
    }

    /** Ends it and lets go of what it holds: held requests are carried out, stalled answers go on. */
    public void release() {
        world.locked(() -> {
            remove();
            released = true;
            held.forEach(Runnable::run);
            held.clear();
            stalled.forEach(wire -> wire.allow(Long.MAX_VALUE));
            stalled.clear();
        });
    }

    /** Lets so many more bytes of each stalled answer through. */
    public void more(int bytes) {
        world.locked(() -> stalled.forEach(wire -> wire.allow(bytes)));
    }

    /** Hits nothing more; what it holds stays held. */
    public void remove() {
        world.locked(() -> {
            left = 0;
        });
    }

    boolean takes(SeenRequest request) {
        if (left == 0 || !requests.matches(request)) {
            return false;
        }
        left--;
        hits.incrementAndGet();
        unseen.release();
        return true;
    }

    Fault fault() {
        return fault;
    }

    void hold(Runnable request) {
        if (released) {
            request.run();
        } else {
            held.add(request);
        }
    }

    void stall(Wire wire) {
        stalled.add(wire);
    }
}
