package dev.lantern.core.secrets;

/** Bytes as they are, and as hexadecimal digits. */
final class PlainText {
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private PlainText() {}

    /** Every byte counts as itself. */
    static byte[] fold() {
        byte[] fold = new byte[256];
        for (int i = 0; i < fold.length; i++) {
            fold[i] = (byte) i;
        }
        return fold;
    }

    /** Digits of either case count as small ones. */
    static byte[] hexFold() {
        byte[] fold = fold();
        for (int c = 'A'; c <= 'F'; c++) {
            fold[c] = (byte) (c - 'A' + 'a');
        }
        return fold;
    }

    static byte[] hex(byte[] bytes) {
        byte[] hex = new byte[2 * bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            hex[2 * i] = DIGITS[(bytes[i] & 0xff) >>> 4];
            hex[2 * i + 1] = DIGITS[bytes[i] & 0xf];
        }
        return hex;
    }
}
