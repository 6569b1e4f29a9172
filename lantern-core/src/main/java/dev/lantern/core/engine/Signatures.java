package dev.lantern.core.engine;

/** How instance keys and their signatures are checked. Pure; anything wrong is false, never an exception. */
public interface Signatures {

    /** Whether these are the raw bytes of a key that may be trusted at all. */
    boolean isKey(byte[] publicKey);

    /** @param publicKey the raw key in hexadecimal, as it was enrolled */
    boolean verify(String publicKey, byte[] message, byte[] signature);
}
