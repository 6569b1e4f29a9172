package dev.lantern.testkit.sim;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The story of a seed: in words when somebody wants to read it, and always as a digest. */
final class Timeline {
    private static final int LONGEST = 200_000;

    private final boolean told;
    private final LongSupplier nanos;
    private final List<String> lines = new ArrayList<>();
    private final MessageDigest digest;

    /** @param told whether lines are kept; a digest costs less */
    Timeline(boolean told, LongSupplier nanos) {
        this.told = told;
        this.nanos = nanos;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Something to read about. The words are made only when somebody will read them. */
    void note(String who, Supplier<String> what) {
        if (told && lines.size() < LONGEST) {
            lines.add(String.format(Locale.ROOT, "%12.6f  %-18s %s", nanos.getAsLong() / 1e9, who, what.get()));
        }
    }

    /** Something that must be the same whenever this seed is run. */
    void mark(String what) {
        long now = nanos.getAsLong();
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            digest.update((byte) (now >>> shift));
        }
        digest.update(what.getBytes(StandardCharsets.UTF_8));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Ends the story. */
    String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
