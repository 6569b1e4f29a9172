package dev.lantern.core.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** How much of all connections' bodies may lie in memory at once. Thread-safe. */
final class BufferBudget {
    private final AtomicLong left;

    BufferBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** @return false, with nothing taken, if that is more than is left */
    boolean take(int bytes) {
        if (left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            return false;
        }
        return true;
    }

    void giveBack(int bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
