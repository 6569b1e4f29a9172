package dev.lantern.testkit.sim;

import dev.lantern.agent.harness.InstanceSigner;
import dev.lantern.core.engine.Signatures;
import dev.lantern.core.identity.StrictSignatures;
import dev.lantern.value.Digest;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Keys and signatures: real Ed25519 under keys from the seed, or a cheap stand-in that fails on the same mistakes. */
interface SimKeys {

    InstanceSigner newKey(Dice dice);

    Signatures signatures();

    static SimKeys real() {
        return new SimKeys() {
            private final Signatures signatures = new StrictSignatures();

            @Override
            public InstanceSigner newKey(Dice dice) {
                return new Ed25519Key(dice.bytes(Ed25519.SECRET_KEY_SIZE));
            }

            @Override
            public Signatures signatures() {
                return signatures;
            }
        };
    }

    static SimKeys cheap() {
        return new SimKeys() {
            @Override
            public InstanceSigner newKey(Dice dice) {
                return new CheapKey(dice.bytes(CheapKey.LENGTH));
            }

            @Override
            public Signatures signatures() {
                return new CheapSignatures();
            }
        };
    }

    /** Real, and the same for the same seed; the JDK's own generator takes no seed. */
    record Ed25519Key(byte[] secret) implements InstanceSigner {
        @Override
        public byte[] publicKey() {
            byte[] key = new byte[Ed25519.PUBLIC_KEY_SIZE];
            Ed25519.generatePublicKey(secret, 0, key, 0);
            return key;
        }

        @Override
        public byte[] sign(byte[] message) {
            byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(secret, 0, message, 0, message.length, signature, 0);
            return signature;
        }

        @Override
        public String toString() {
            return "Ed25519Key";
        }
    }

    /** Signs by hashing key and message. Anybody could; nobody in the simulation does. */
    record CheapKey(byte[] key) implements InstanceSigner {
        static final int LENGTH = 32;

        @Override
        public byte[] publicKey() {
            return key.clone();
        }

        @Override
        public byte[] sign(byte[] message) {
            return signature(key, message);
        }

        static byte[] signature(byte[] key, byte[] message) {
            byte[] half = Digest.sha256(key, message).bytes();
            byte[] signature = Arrays.copyOf(half, 2 * half.length);
            System.arraycopy(half, 0, signature, half.length, half.length);
            return signature;
        }
    }

    /** Checks what {@link CheapKey} signs. */
    final class CheapSignatures implements Signatures {
        @Override
        public boolean isKey(byte[] publicKey) {
            return publicKey.length == CheapKey.LENGTH;
        }

        @Override
        public boolean verify(String publicKey, byte[] message, byte[] signature) {
            return Arrays.equals(signature, CheapKey.signature(HexFormat.of().parseHex(publicKey), message));
        }
    }
}
