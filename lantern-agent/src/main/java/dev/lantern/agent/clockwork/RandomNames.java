package dev.lantern.agent.clockwork;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names that nobody else has. */
public final class RandomNames {
    private static final int BYTES = 12;

    private RandomNames() {}

    /** 24 hexadecimal digits. */
    public static String next() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
