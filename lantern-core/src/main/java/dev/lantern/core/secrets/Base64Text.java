package dev.lantern.core.secrets;

import java.util.Arrays;
import java.util.Base64;

/** The base64 that bytes have inside the base64 of something longer, and the alphabet it is written in. */
final class Base64Text {
    private static final byte[] ALPHABET = alphabet();

    private Base64Text() {}

    /** The standard alphabet as it is, and the one for URLs as the standard one. */
    static byte[] fold() {
        byte[] fold = PlainText.fold();
        fold['-'] = '+';
        fold['_'] = '/';
        return fold;
    }

    /** The six bits of a character of either alphabet; -1 of any other byte. */
    static int bits(byte b) {
        return b < 0 ? -1 : ALPHABET[b];
    }

    /**
     * The characters that these bytes alone decide.
     *
     * @param before how many bytes stand before them, counted from where their base64 begins and by threes
     */
    static byte[] of(byte[] bytes, int before) {
        byte[] shifted = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, shifted, before, bytes.length);
        byte[] text = Base64.getEncoder().withoutPadding().encode(shifted);
        int end = shifted.length * 8 / 6;
        byte[] decided = Arrays.copyOfRange(text, (before * 8 + 5) / 6, end);
        Arrays.fill(shifted, (byte) 0);
        Arrays.fill(text, (byte) 0);
        return decided;
    }

    static byte edges(int before, int length) {
        int leading = before == 0 ? Edges.NONE : Edges.LEADING;
        int trailing = (before + length) % 3 == 0 ? Edges.NONE : Edges.TRAILING;
        return (byte) (leading | trailing);
    }

    private static byte[] alphabet() {
        byte[] bits = new byte[128];
        Arrays.fill(bits, (byte) -1);
        String characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < characters.length(); i++) {
            bits[characters.charAt(i)] = (byte) i;
        }
        bits['-'] = bits['+'];
        bits['_'] = bits['/'];
        return bits;
    }
}
