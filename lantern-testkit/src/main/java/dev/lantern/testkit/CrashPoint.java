package dev.lantern.testkit;

/**
 * Where the host dies.
 *
 * @param write which of its writes to the journal, from 1; 0 for a host that lives
 * @param effect whether the write has taken effect by then
 */
record CrashPoint(int write, boolean effect) {
    static final CrashPoint NEVER = new CrashPoint(0, false);

    /** Before the first write, after it, before the second, and so on. */
    CrashPoint next() {
        return write > 0 && !effect ? new CrashPoint(write, true) : new CrashPoint(write + 1, false);
    }

    @Override
    public String toString() {
        return write == 0 ? "clean" : "killed " + (effect ? "after" : "before") + " write " + write;
    }
}
