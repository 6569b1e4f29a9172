package dev.lantern.core.runtime;

import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Who is to be told when something of a run has become durable. Thread-safe; never calls out under its lock. */
final class RunWatches {
    private final TreeMap<RunRef, List<Runnable>> watches = new TreeMap<>();
    /** So that telling costs nothing while nobody listens. */
    private volatile boolean empty = true;

    /** @param changed called in any thread, whenever the run may have moved; must neither block nor throw */
    Watch add(RunRef run, Runnable changed) {
        synchronized (watches) {
            watches.computeIfAbsent(run, ref -> new ArrayList<>(1)).add(changed);
            empty = false;
        }
        return () -> remove(run, changed);
    }

    void tell(RunRef run) {
        if (empty) {
            return;
        }
        List<Runnable> told;
        synchronized (watches) {
            told = List.copyOf(watches.getOrDefault(run, List.of()));
        }
        told.forEach(Runnable::run);
    }

    private void remove(RunRef run, Runnable changed) {
        synchronized (watches) {
            List<Runnable> left = watches.get(run);
            if (left != null && left.remove(changed) && left.isEmpty()) {
                watches.remove(run);
                empty = watches.isEmpty();
            }
        }
    }

    interface Watch {
        void end();
    }
}
