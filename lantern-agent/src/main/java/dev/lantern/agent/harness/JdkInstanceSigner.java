package dev.lantern.agent.harness;

import dev.lantern.value.LanternException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;

/** An instance key of the JDK's own Ed25519. Thread-safe; {@link #toString} shows nothing of the key. */
public final class JdkInstanceSigner implements InstanceSigner {
    private static final int KEY_LENGTH = 32;
    /** An Ed25519 SubjectPublicKeyInfo (RFC 8410) is a fixed head of 12 bytes and the raw key. */
    private static final int SPKI_HEAD = 12;

    private final PrivateKey privateKey;
    private final byte[] publicKey;
    private final byte[] spki;

    private JdkInstanceSigner(KeyPair pair) {
        byte[] spki = pair.getPublic().getEncoded();
        if (spki.length != SPKI_HEAD + KEY_LENGTH) {
            throw new LanternException("this JVM encodes an Ed25519 public key in " + spki.length
                    + " bytes; RFC 8410 has " + (SPKI_HEAD + KEY_LENGTH));
        }
        this.privateKey = pair.getPrivate();
        this.spki = spki;
        this.publicKey = Arrays.copyOfRange(spki, SPKI_HEAD, spki.length);
    }

    /**
     * Makes a new key.
     *
     * @throws LanternException if this JVM has no Ed25519
     */
    public static JdkInstanceSigner generate() {
        try {
            return new JdkInstanceSigner(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new LanternException("this JVM cannot make an Ed25519 key; Java 15 and later can", e);
        }
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new LanternException("the instance key could not sign a record of " + message.length + " bytes", e);
        }
    }

    /**
     * This key as TLS wants it.
     *
     * @param chain the key's certificate first
     * @throws LanternException if the first certificate is for another key
     */
    public X509ExtendedKeyManager keys(List<X509Certificate> chain) {
        X509Certificate own = chain.get(0);
        if (!Arrays.equals(own.getPublicKey().getEncoded(), spki)) {
            throw new LanternException("the certificate with serial number "
                    + own.getSerialNumber().toString(16) + " is not for this instance's key; the key "
                    + HexFormat.of().formatHex(publicKey) + " needs one of its own");
        }
        return new InstanceKeys(privateKey, chain);
    }

    @Override
    public String toString() {
        return "JdkInstanceSigner[Ed25519]";
    }
}
