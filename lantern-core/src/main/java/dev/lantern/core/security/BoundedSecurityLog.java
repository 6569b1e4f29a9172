package dev.lantern.core.security;

import dev.lantern.identity.SecurityEvent;
import dev.lantern.identity.SecurityListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes refusals to the logger {@code dev.lantern.security} and to the host's listener: at most so many a second, and after
 * them one line with how many of which reason were left out. All of them are counted. Thread-safe.
 */
public final class BoundedSecurityLog implements SecurityLog {
    /** The reason under which it is told how many were left out. */
    public static final String LEFT_OUT = "left-out";

    private static final Logger LOG = LoggerFactory.getLogger("dev.lantern.security");
    private static final int USUAL_LINES = 20;
    private static final int MOST_REASONS = 256;
    private static final String OTHER = "other";

    private final InstantSource clock;
    private final int linesPerSecond;
    private final SecurityListener listener;
    private final Object lock = new Object();
    private final SortedMap<String, Long> counts = new TreeMap<>();
    private final SortedMap<String, Long> leftOut = new TreeMap<>();
    private long second = Long.MIN_VALUE;
    private int lines;

    /** @param linesPerSecond how many refusals are told each second, the line about the others not counted */
    public BoundedSecurityLog(InstantSource clock, int linesPerSecond, SecurityListener listener) {
        this.clock = clock;
        this.linesPerSecond = linesPerSecond;
        this.listener = listener;
    }

    /** Twenty lines a second, and no listener. */
    public static BoundedSecurityLog usual(InstantSource clock) {
        return new BoundedSecurityLog(clock, USUAL_LINES, event -> {});
    }

    @Override
    public void refused(String reason, Stranger stranger, String detail) {
        synchronized (lock) {
            Instant now = clock.instant();
            turn(now);
            String counted = counts.size() < MOST_REASONS || counts.containsKey(reason) ? reason : OTHER;
            counts.merge(counted, 1L, Long::sum);
            if (lines >= linesPerSecond) {
                leftOut.merge(counted, 1L, Long::sum);
                return;
            }
            lines++;
            tell(new SecurityEvent(
                    now, reason, stranger.remote(), stranger.run(), stranger.epoch(), stranger.certificate(), detail));
        }
    }

    @Override
    public void settle() {
        synchronized (lock) {
            turn(clock.instant());
        }
    }

    /** How often each reason was given since this log began, in the order of their names. A new copy. */
    public SortedMap<String, Long> counts() {
        synchronized (lock) {
            return new TreeMap<>(counts);
        }
    }

    /** A clock that was set back begins a new second, too: better a line more than silence until it has caught up. */
    private void turn(Instant now) {
        if (now.getEpochSecond() == second) {
            return;
        }
        second = now.getEpochSecond();
        lines = 0;
        if (!leftOut.isEmpty()) {
            long sum = leftOut.values().stream().mapToLong(Long::longValue).sum();
            String reasons = leftOut.entrySet().stream()
                    .map((Map.Entry<String, Long> one) -> one.getKey() + " " + one.getValue())
                    .collect(Collectors.joining(", "));
            leftOut.clear();
            tell(new SecurityEvent(
                    now, LEFT_OUT, "", Optional.empty(), OptionalInt.empty(), Optional.empty(), sum + ": " + reasons));
        }
    }

    private void tell(SecurityEvent event) {
        if (LOG.isWarnEnabled()) {
            LOG.warn(line(event));
        }
        try {
            listener.refused(event);
        } catch (RuntimeException e) {
            LOG.error("the host's security listener failed", e);
        }
    }

    /** The event holds nothing but printable ASCII, so no part of it can begin a line of its own. */
    private static String line(SecurityEvent event) {
        StringBuilder line = new StringBuilder(event.reason());
        if (!event.remote().isEmpty()) {
            line.append(" from ").append(event.remote());
        }
        event.run().ifPresent(run -> line.append(" as ").append(run));
        event.epoch().ifPresent(epoch -> line.append(" epoch ").append(epoch));
        event.certificate().ifPresent(shown -> line.append(" with ").append(shown));
        return line.append(": ").append(event.detail()).toString();
    }
}
