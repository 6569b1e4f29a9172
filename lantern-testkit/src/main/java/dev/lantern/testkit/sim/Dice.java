package dev.lantern.testkit.sim;

import java.time.Duration;
import java.util.List;

/** The only chance in a simulated world. SplitMix64, written out so that no JDK can change a seed's story. */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    Dice(long seed) {
        state = seed;
    }

    /** Dice of its own for one part of the world, so that what it draws does not shift what others draw. */
    Dice split() {
        return new Dice(next());
    }

    long next() {
        state += GOLDEN;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** Both ends included. */
    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    boolean chance(double probability) {
        return (next() >>> 11) * 0x1.0p-53 < probability;
    }

    Duration between(Duration least, Duration most) {
        long span = most.toNanos() - least.toNanos();
        return span <= 0 ? least : least.plusNanos(Long.remainderUnsigned(next(), span));
    }

    Duration millis(int least, int most) {
        return between(Duration.ofMillis(least), Duration.ofMillis(most));
    }

    <T> T pick(List<T> items) {
        return items.get(below(items.size()));
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        long bits = 0;
        for (int i = 0; i < length; i++) {
            if (i % Long.BYTES == 0) {
                bits = next();
            }
            bytes[i] = (byte) bits;
            bits >>>= Byte.SIZE;
        }
        return bytes;
    }
}
