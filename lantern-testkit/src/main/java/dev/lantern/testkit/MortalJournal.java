package dev.lantern.testkit;

import dev.lantern.journal.Journal;
import dev.lantern.testkit.sim.ForwardingJournal;
import dev.lantern.value.LanternException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One host's way to the journal, cut at one of its writes: from then on nothing of that host reaches anything. */
final class MortalJournal extends ForwardingJournal {
    private static final List<String> BOUNDARIES = List.of("create", "append", "keep", "put");

    private final CrashPoint point;
    private final AtomicInteger writes = new AtomicInteger();
    private final CompletableFuture<Void> death = new CompletableFuture<>();

    MortalJournal(Journal inner, CrashPoint point) {
        super(inner);
        this.point = point;
    }

    CompletableFuture<Void> death() {
        return death;
    }

    boolean dead() {
        return death.isDone();
    }

    void die() {
        death.complete(null);
    }

    @Override
    protected <T> T around(String call, boolean changes, Supplier<T> forward) {
        requireAlive(call);
        boolean last = BOUNDARIES.contains(call) && writes.incrementAndGet() == point.write();
        if (last && !point.effect()) {
            die();
        }
        requireAlive(call);
        T answer = forward.get();
        if (last) {
            die();
        }
        requireAlive(call);
        return answer;
    }

    private void requireAlive(String call) {
        if (dead()) {
            throw new LanternException(call + ": this host was killed by its test");
        }
    }

    /** The journal outlives its hosts. */
    @Override
    public void close() {
        // Whoever made the journal closes it.
    }
}
