package dev.lantern.core.gateway;

import java.util.HexFormat;
import java.util.Optional;

/** The written form of an instance's enrolment secret: lower-case hexadecimal, 16 to 64 bytes. */
public final class Secret {
    private static final int LEAST = 32;
    private static final int MOST = 128;

    private Secret() {}

    /** The secret's bytes, or empty for what no host ever handed out. */
    public static Optional<byte[]> parse(String text) {
        boolean wellFormed = text.length() >= LEAST
                && text.length() <= MOST
                && text.length() % 2 == 0
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
        return wellFormed ? Optional.of(HexFormat.of().parseHex(text)) : Optional.empty();
    }
}
