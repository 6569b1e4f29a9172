package dev.lantern.identity;

/**
 * Hears what strangers did wrong at this host's doors, beside the log and for the host's own alarms.
 *
 * <p>Called from event loops, one call at a time: it must not block. What it throws is logged and harms nobody. It hears as
 * much as the log has lines, so a flood reaches it as a few events and a count of the others.
 */
@FunctionalInterface
public interface SecurityListener {

    /** Somebody was refused. */
    void refused(SecurityEvent event);
}
