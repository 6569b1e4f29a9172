package dev.lantern.core.operations;

import dev.lantern.journal.RunPlace;
import dev.lantern.run.RunQuery;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;

/**
 * A place in the order of runs, as text for whoever pages: version, order, microseconds, key, and a check sum, so that
 * what was cut or retyped is refused instead of read as another place.
 */
final class RunCursor {
    private static final byte VERSION = 1;
    private static final int CHECK = 4;
    private static final int LENGTH = 2 + 2 * Long.BYTES + CHECK;
    private static final byte[] DOMAIN = "lantern/run-cursor/v1\n".getBytes(StandardCharsets.US_ASCII);

    private RunCursor() {}

    static String write(RunPlace place, RunQuery.Order order) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .put(VERSION)
                .put(mark(order))
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, place.created()))
                .putLong(place.key());
        bytes.put(check(bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws LanternException if the text was not written by {@link #write}, or for another order */
    static RunPlace read(String text, RunQuery.Order order) {
        byte[] bytes = decode(text);
        if (bytes.length != LENGTH
                || bytes[0] != VERSION
                || !Arrays.equals(check(bytes), Arrays.copyOfRange(bytes, LENGTH - CHECK, LENGTH))) {
            throw new LanternException("list runs: the cursor of " + text.length()
                    + " characters is none of this version's; pass on RunPage.next() exactly as it is, or leave it out"
                    + " for the first page");
        }
        if (bytes[1] != mark(order)) {
            throw new LanternException("list runs: the cursor belongs to another order than " + order
                    + "; begin with the first page of this order");
        }
        ByteBuffer place = ByteBuffer.wrap(bytes, 2, 2 * Long.BYTES);
        return new RunPlace(Instant.EPOCH.plus(place.getLong(), ChronoUnit.MICROS), place.getLong());
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] check(byte[] bytes) {
        Digest digest = Digest.sha256(DOMAIN, Arrays.copyOf(bytes, LENGTH - CHECK));
        return Arrays.copyOf(digest.bytes(), CHECK);
    }

    private static byte mark(RunQuery.Order order) {
        return (byte) (order == RunQuery.Order.NEWEST_FIRST ? 0 : 1);
    }
}
