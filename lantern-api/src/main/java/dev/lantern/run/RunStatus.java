package dev.lantern.run;

/**
 * Where a run stands. It moves {@code PENDING → STARTING → RUNNING → (WAITING | RESUMING | PAUSED)* → STOPPING}
 * and ends in one of the terminal statuses; {@code REFUSED} ends a run that was never started.
 */
public enum RunStatus {
    /** Durable, not yet admitted by the gate. */
    PENDING(false),
    /** Admitted; its first instance is starting. */
    STARTING(false),
    /** An instance has enrolled and works. */
    RUNNING(false),
    /** The agent waits for a timer, a signal, an approval or a child. */
    WAITING(false),
    /** An instance was lost; the next one is starting. */
    RESUMING(false),
    /** Held by an operator. */
    PAUSED(false),
    /** The outcome is decided; what still runs is being torn down. */
    STOPPING(false),
    /** The agent delivered its output. */
    SUCCEEDED(true),
    /** The agent or its infrastructure failed for good. */
    FAILED(true),
    /** Somebody cancelled it. */
    CANCELLED(true),
    /** A limit of the spec or of the spawn was reached. */
    LIMIT_EXCEEDED(true),
    /** The gate said no. */
    REFUSED(true);

    private final boolean terminal;

    RunStatus(boolean terminal) {
        this.terminal = terminal;
    }

    /** Whether the run has ended: its chain is sealed, nothing of it runs. */
    public boolean terminal() {
        return terminal;
    }
}
