package dev.lantern.core.turns;

/** The kinds of blocking work. Each has its own bounded pool, so that one that hangs starves no other. */
public enum LaneName {
    /** Appends and creations. */
    JOURNAL(1),
    /** Lease, adoption and inbox: what keeps a host alive must not queue behind its load. */
    LEASE(1),
    /** Waiting to hear of messages, where a journal tells. */
    INBOX(1),
    /** Reads of chains and payloads. */
    READS(4),
    /** Starts, stops and looks at instances. */
    SUBSTRATE(8),
    /** Finding out whose credentials callers present. */
    CALLERS(4),
    /** Signatures of the runtime's authority, whose key may be elsewhere. */
    KEYS(2),
    /** Reading, renewing and ending secrets at their store. */
    SECRETS(4),
    /** Agents' log lines on their way to the store. */
    LOGS(1);

    private final int width;

    LaneName(int width) {
        this.width = width;
    }

    /** How many calls run at once. */
    public int width() {
        return width;
    }
}
