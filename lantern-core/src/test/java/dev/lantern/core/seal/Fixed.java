package dev.lantern.core.seal;

import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;

/** What the seal's tests share. */
final class Fixed {
    static final RunRef RUN = new RunRef("acme", "ticket-4711");
    static final Digest PLACE = Digest.sha256(bytes("a place"));

    private Fixed() {}

    static SealKey key(String id, int fill) {
        byte[] bytes = new byte[SealKey.LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return SealKey.of(id, bytes);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Random numbers that are the same in every test. */
    static SecureRandom random(long seed) {
        Random numbers = new Random(seed);
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                synchronized (numbers) {
                    numbers.nextBytes(bytes);
                }
            }
        };
    }
}
