package dev.lantern.testkit.kubernetes;

import java.util.Random;
import java.util.UUID;

/** UIDs, suffixes and addresses: they look like the real ones, and are the same in every run of a test. */
final class Names {
    /** No vowels and nothing that reads like another: what Kubernetes takes. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX = 5;

    private final Random random;
    private int addresses;

    Names(long seed) {
        this.random = new Random(seed);
    }

    String uid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new UUID(high, low).toString();
    }

    String suffix() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX; i++) {
            suffix.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return suffix.toString();
    }

    String hex(int digits) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }

    /** An address in the pods' network. */
    String podAddress() {
        addresses++;
        return "10.244." + (addresses >> 8 & 0xFF) + "." + (addresses & 0xFF);
    }
}
