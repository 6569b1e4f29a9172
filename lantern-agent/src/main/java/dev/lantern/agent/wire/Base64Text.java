package dev.lantern.agent.wire;

import java.util.Base64;

/** Base64 of RFC 4648, padded: the one form that bytes have in this protocol. */
final class Base64Text {
    private Base64Text() {}

    /** Whether writing again what was read gives the same: no stray bits, no line ends, padding in full. */
    static boolean isCanonical(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(Base64.getDecoder().decode(text))
                    .equals(text);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
