package dev.lantern.core.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket for each key, filled evenly. It remembers the keys that were seen last: one that it has forgotten starts
 * with a full bucket, which it would have again by then unless there are more keys at once than it can remember. Thread-safe.
 */
final class Rates<K> {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final int burst;
    private final LongSupplier nanos;
    private final Map<K, Bucket> buckets;

    /** @param nanos a clock that only runs forward */
    Rates(int perSecond, int burst, int mostKeys, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Bucket> eldest) {
                return size() > mostKeys;
            }
        };
    }

    /** @return false, with nothing taken, if it is more than this key may now */
    boolean take(K key) {
        long now = nanos.getAsLong();
        synchronized (buckets) {
            return buckets.computeIfAbsent(key, first -> new Bucket(now)).take(now);
        }
    }

    int size() {
        synchronized (buckets) {
            return buckets.size();
        }
    }

    private final class Bucket {
        private double tokens = burst;
        private long filledAt;

        Bucket(long now) {
            filledAt = now;
        }

        boolean take(long now) {
            tokens = Math.min(burst, tokens + (double) (now - filledAt) * perSecond / SECOND);
            filledAt = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }
}
