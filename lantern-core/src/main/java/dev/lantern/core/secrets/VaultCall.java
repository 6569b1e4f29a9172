package dev.lantern.core.secrets;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One call to the store, and what is left of its time. One thread. */
final class VaultCall {
    private final Asked asked;
    private final LongSupplier nanos;
    private final long end;

    private VaultCall(Asked asked, Duration within, LongSupplier nanos) {
        this.asked = asked;
        this.nanos = nanos;
        // Longer than a century is as long as for ever, and would overflow.
        this.end = nanos.getAsLong() + Math.min(within.toSeconds(), 3_000_000_000L) * 1_000_000_000L + within.getNano();
    }

    static VaultCall begin(Asked asked, Duration within, LongSupplier nanos) {
        asked.begin(within);
        return new VaultCall(asked, within, nanos);
    }

    /** The same call with half of the time that is left: for what it could do without. */
    VaultCall half() {
        return new VaultCall(asked, Duration.ofNanos(left() / 2), nanos);
    }

    Asked asked() {
        return asked;
    }

    /** In nanoseconds; 0 when it is over. */
    long left() {
        return Math.max(0, end - nanos.getAsLong());
    }

    LanternException failed(String what) {
        return asked.failed(what);
    }

    /** The thread stays interrupted. */
    LanternException interrupted() {
        Thread.currentThread().interrupt();
        return asked.failed("gave up, the thread was interrupted; whether it was carried out is not known");
    }
}
