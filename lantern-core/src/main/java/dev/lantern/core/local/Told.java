package dev.lantern.core.local;

import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.SubstrateListener;
import java.time.InstantSource;

/** What the listener is told of one instance, until it is told nothing more. Thread-safe. */
final class Told {
    private final SubstrateListener listener;
    private final InstanceRef instance;
    private final InstantSource clock;
    private volatile boolean silent;
    private volatile boolean closed;

    Told(SubstrateListener listener, InstanceRef instance, InstantSource clock) {
        this.listener = listener;
        this.instance = instance;
        this.clock = clock;
    }

    /** Its end was asked for, so it is no news. Lines are still told: an agent's last words matter most. */
    void nothingMore() {
        silent = true;
    }

    void ended(InstanceEnd end) {
        if (!silent) {
            listener.ended(instance, end);
        }
    }

    void logged(String stream, String line) {
        if (!closed) {
            listener.logged(instance, clock.instant(), stream, line);
        }
    }

    /** Nothing at all from here on. */
    void close() {
        silent = true;
        closed = true;
    }
}
