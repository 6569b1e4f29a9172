package dev.lantern.core.security;

/** Where a door says what it refused, and why; on the wire all strangers get the same answer. Thread-safe; never blocks. */
public interface SecurityLog {

    /**
     * Somebody was refused.
     *
     * @param reason a short code, out of a closed list of the door's or its verifier's; never a stranger's words
     * @param detail for people; may quote what was found, but no secret
     */
    void refused(String reason, Stranger stranger, String detail);

    /** Tells what was left out and not told yet. The door calls it now and then, and when it closes. */
    void settle();
}
