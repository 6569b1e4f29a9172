package dev.lantern.journal.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What closing does, once, in order, all of it even if a part fails; the first failure is thrown with the rest in it. */
final class Closing {
    /** One part of it. */
    interface Act {
        void run() throws Exception;
    }

    private final List<Act> acts;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Closing(List<Act> acts) {
        this.acts = acts;
    }

    static Closing of(Act... acts) {
        return new Closing(Arrays.asList(acts));
    }

    Closing first(Act act) {
        List<Act> more = new ArrayList<>(List.of(act));
        more.addAll(acts);
        return new Closing(more);
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        RuntimeException failure = null;
        for (Act act : acts) {
            try {
                act.run();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new dev.lantern.value.LanternException("closing the journal: " + e.getMessage(), e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
