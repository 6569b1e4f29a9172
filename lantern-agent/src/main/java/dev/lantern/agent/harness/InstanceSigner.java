package dev.lantern.agent.harness;

/** The instance's Ed25519 key (RFC 8032), made for this incarnation. The private half is never handed out. */
public interface InstanceSigner {

    /** The raw 32 bytes of the public key, a new copy. */
    byte[] publicKey();

    /** The 64 bytes of the signature over {@code message}. */
    byte[] sign(byte[] message);
}
