package dev.lantern.core.runtime;

import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.RunRef;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Whose lines are wanted as they are written: of runs that somebody reads, or of all. The substrate is told of the newest
 * instance of such a run while the run is this host's. Two hosts that both read one pod would both keep its lines, so only
 * the owner does. Thread-safe; never calls out under its lock.
 */
final class LogWishes {
    private final Substrate substrate;
    private final boolean all;
    private final BiConsumer<RunRef, Consumer<InstanceRef>> newest;
    private final Map<RunRef, Integer> readers = new TreeMap<>();
    private final Map<RunRef, InstanceRef> followed = new TreeMap<>();
    /** So that what becomes durable costs nothing while nobody reads. */
    private volatile boolean idle;

    /**
     * @param all whether every run's lines are wanted
     * @param newest tells the newest instance of a run, if it is this host's and has one
     */
    LogWishes(Substrate substrate, boolean all, BiConsumer<RunRef, Consumer<InstanceRef>> newest) {
        this.substrate = substrate;
        this.all = all;
        this.newest = newest;
        this.idle = !all;
    }

    /** Somebody reads this run's lines from now on, until {@link #end}. */
    void begin(RunRef run) {
        synchronized (this) {
            readers.merge(run, 1, Integer::sum);
            idle = false;
        }
        newest.accept(run, this::newest);
    }

    void end(RunRef run) {
        Optional<InstanceRef> unwanted = Optional.empty();
        synchronized (this) {
            readers.computeIfPresent(run, (key, count) -> count == 1 ? null : count - 1);
            if (!isWanted(run)) {
                unwanted = Optional.ofNullable(followed.remove(run));
            }
            idle = !all && readers.isEmpty();
        }
        unwanted.ifPresent(substrate::unfollow);
    }

    /** This is the newest instance of a run of this host. Repeating it does nothing. */
    void newest(InstanceRef instance) {
        if (idle) {
            return;
        }
        synchronized (this) {
            if (!isWanted(instance.run()) || instance.equals(followed.put(instance.run(), instance))) {
                return;
            }
        }
        substrate.follow(instance);
    }

    /** The run has its outcome: what is not told yet comes when its instance is removed. */
    void decided(RunRef run) {
        synchronized (this) {
            followed.remove(run);
        }
    }

    /** The run is another host's. */
    void released(RunRef run) {
        Optional<InstanceRef> before;
        synchronized (this) {
            before = Optional.ofNullable(followed.remove(run));
        }
        before.ifPresent(substrate::unfollow);
    }

    private boolean isWanted(RunRef run) {
        return all || readers.containsKey(run);
    }
}
