package dev.lantern.core.turns;

import java.time.InstantSource;

/** The wall clock, for what has no {@link Turns} because it is made before there is a runtime. */
public final class SystemInstants {
    private SystemInstants() {}

    /** The system's clock. */
    public static InstantSource source() {
        return InstantSource.system();
    }
}
