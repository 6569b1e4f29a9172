package dev.lantern.core.engine;

/** Runs something once so many things have happened; at once if there is nothing to wait for. One thread at a time. */
final class Countdown {
    private final Runnable done;
    private int left;

    Countdown(int count, Runnable done) {
        this.left = count;
        this.done = done;
        if (count == 0) {
            done.run();
        }
    }

    void one() {
        if (--left == 0) {
            done.run();
        }
    }
}
