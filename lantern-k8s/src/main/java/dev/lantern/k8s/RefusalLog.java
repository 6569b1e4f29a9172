package dev.lantern.k8s;

import dev.lantern.k8s.NotIdentified.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells the operator why credentials were refused, and lets nobody fill the log: of each reason one line in ten seconds,
 * which says how many came since. Thread-safe.
 */
final class RefusalLog implements Consumer<NotIdentified> {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final Consumer<String> lines;
    private final LongSupplier nanos;
    private final Object lock = new Object();
    private final Map<Reason, Told> told = new EnumMap<>(Reason.class);

    private record Told(long at, long since) {}

    /** @param nanos what time has passed, as {@link System#nanoTime} */
    RefusalLog(Consumer<String> lines, LongSupplier nanos) {
        this.lines = lines;
        this.nanos = nanos;
    }

    @Override
    public void accept(NotIdentified refusal) {
        long since;
        synchronized (lock) {
            long now = nanos.getAsLong();
            Told last = told.get(refusal.reason());
            if (last != null && now - last.at() < PAUSE) {
                told.put(refusal.reason(), new Told(last.at(), last.since() + 1));
                return;
            }
            since = last == null ? 0 : last.since();
            told.put(refusal.reason(), new Told(now, 0));
        }
        lines.accept("A credential was refused, " + refusal.reason() + ": " + refusal.getMessage()
                + (since == 0 ? "" : " (and " + since + " more for this reason since the last line)"));
    }
}
