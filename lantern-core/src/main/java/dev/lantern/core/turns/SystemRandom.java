package dev.lantern.core.turns;

import java.security.SecureRandom;

/** Unpredictable bytes, for what has no {@link Turns} because it is made before there is a runtime. */
public final class SystemRandom {
    private SystemRandom() {}

    /** The system's secure random numbers. */
    public static SecureRandom source() {
        return new SecureRandom();
    }
}
