package dev.lantern.core.seal;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM under a key of its own for each message, derived from half of a nonce of 192 bits, as
 * {@code c2sp.org/XAES-256-GCM} says: nonces may be drawn at random for more messages than anybody seals. The letters
 * in the code are those of that page.
 */
final class Xaes256Gcm {
    static final int KEY_LENGTH = 32;
    static final int NONCE_LENGTH = 24;
    static final int TAG_LENGTH = 16;

    private static final int BLOCK = 16;
    private static final int HALF = 12;
    /** JDK 17 takes thirty times as long for 16 MiB in one call as in pieces of this size. */
    private static final int PIECE = 64 * 1024;

    private Xaes256Gcm() {}

    /** Writes ciphertext and tag to {@code out} from {@code at} on, which has room for exactly that. */
    static void encrypt(byte[] key, byte[] nonce, byte[] aad, byte[] plain, byte[] out, int at)
            throws GeneralSecurityException {
        Cipher gcm = gcm(Cipher.ENCRYPT_MODE, key, nonce, aad);
        int read = 0;
        int written = at;
        while (plain.length - read > PIECE) {
            written += gcm.update(plain, read, PIECE, out, written);
            read += PIECE;
        }
        gcm.doFinal(plain, read, plain.length - read, out, written);
    }

    /** @throws javax.crypto.AEADBadTagException if anything differs from what was encrypted */
    static byte[] decrypt(byte[] key, byte[] nonce, byte[] aad, byte[] in, int from) throws GeneralSecurityException {
        return gcm(Cipher.DECRYPT_MODE, key, nonce, aad).doFinal(in, from, in.length - from);
    }

    private static Cipher gcm(int mode, byte[] key, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        byte[] kx = derivedKey(key, nonce);
        try {
            Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
            gcm.init(
                    mode,
                    new SecretKeySpec(kx, "AES"),
                    new GCMParameterSpec(8 * TAG_LENGTH, nonce, HALF, NONCE_LENGTH - HALF));
            gcm.updateAAD(aad);
            return gcm;
        } finally {
            Arrays.fill(kx, (byte) 0);
        }
    }

    /** SP 800-108 in counter mode over CMAC, whose messages are one block each, so that CMAC is one AES call. */
    static byte[] derivedKey(byte[] key, byte[] nonce) throws GeneralSecurityException {
        Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
        byte[] k1 = doubled(aes.doFinal(new byte[BLOCK]));
        byte[] both = new byte[2 * BLOCK];
        for (int i = 0; i < 2; i++) {
            both[i * BLOCK + 1] = (byte) (i + 1);
            both[i * BLOCK + 2] = 'X';
            System.arraycopy(nonce, 0, both, i * BLOCK + BLOCK - HALF, HALF);
        }
        for (int i = 0; i < both.length; i++) {
            both[i] ^= k1[i % BLOCK];
        }
        return aes.doFinal(both);
    }

    /** Twice {@code block} in the field of 2^128 elements, as CMAC makes its subkey. */
    private static byte[] doubled(byte[] block) {
        byte[] twice = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int carried = i + 1 < BLOCK ? (block[i + 1] & 0x80) >>> 7 : 0;
            twice[i] = (byte) (block[i] << 1 | carried);
        }
        if ((block[0] & 0x80) != 0) {
            twice[BLOCK - 1] ^= (byte) 0x87;
        }
        return twice;
    }
}
