package dev.lantern.core.logs;

import dev.lantern.value.LanternException;
import java.time.Duration;

/**
 * How much a {@link FileLogStore} keeps.
 *
 * @param bytesPerRun the most that the files of one run take together; the oldest lines go first
 * @param age how long a run's lines are kept after the last one was written
 */
public record LogLimits(long bytesPerRun, Duration age) {
    /** Room for the longest line several times over. */
    static final long FEWEST_BYTES = 1024 * 1024;

    /** @throws LanternException if a run may take less than 1 MiB, or the age is not positive */
    public LogLimits {
        if (bytesPerRun < FEWEST_BYTES) {
            throw new LanternException(
                    "log limits: a run takes at least " + FEWEST_BYTES + " bytes, found " + bytesPerRun);
        }
        if (age.isNegative() || age.isZero()) {
            throw new LanternException("log limits: the age is positive, found " + age);
        }
    }

    /** 8 MiB for each run, kept for 14 days. */
    public static LogLimits defaults() {
        return new LogLimits(8 * 1024 * 1024, Duration.ofDays(14));
    }
}
