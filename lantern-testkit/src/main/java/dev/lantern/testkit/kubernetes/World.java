package dev.lantern.testkit.kubernetes;

import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What all parts of one fake share: the store, the time, the names that are given out, and the one lock under which
 * everything happens, be it asked for over HTTP or by the test itself.
 */
final class World {
    private final InstantSource clock;
    private final Names names;
    private final Store store = new Store();
    private final ReentrantLock lock = new ReentrantLock();
    private Runnable afterwards = () -> {};
    private long bookmarks;

    World(InstantSource clock, long seed) {
        this.clock = clock;
        this.names = new Names(seed);
    }

    Store store() {
        return store;
    }

    Names names() {
        return names;
    }

    Instant now() {
        return clock.instant();
    }

    /** As Kubernetes writes times: whole seconds. */
    String timestamp() {
        return timestamp(now());
    }

    static String timestamp(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.SECONDS));
    }

    /** How often watches were told to send a bookmark. */
    long bookmarks() {
        return bookmarks;
    }

    void bookmark() {
        bookmarks++;
    }

    /** What is done before the lock is left: watches are told. */
    void afterwards(Runnable what) {
        this.afterwards = what;
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            leave();
        }
    }

    void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private void leave() {
        try {
            if (lock.getHoldCount() == 1) {
                afterwards.run();
            }
        } finally {
            lock.unlock();
        }
    }
}
