package dev.lantern.core.identity;

import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Signs with a key made from a seed that is no secret. For tests and golden vectors. */
public final class TestSigner {
    /** The seed of RFC 8032, section 7.1, TEST 1. */
    public static final TestSigner RFC8032_TEST_1 =
            ofSeed("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    /** The seed of RFC 8032, section 7.1, TEST 2. */
    public static final TestSigner RFC8032_TEST_2 =
            ofSeed("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");

    private final byte[] seed;

    private TestSigner(byte[] seed) {
        this.seed = seed;
    }

    public static TestSigner ofSeed(String hex) {
        return new TestSigner(HexFormat.of().parseHex(hex));
    }

    public String seedHex() {
        return HexFormat.of().formatHex(seed);
    }

    public VerificationKey key() {
        byte[] encoded = new byte[VerificationKey.LENGTH];
        Ed25519.generatePublicKey(seed, 0, encoded, 0);
        return VerificationKey.of(encoded);
    }

    public byte[] sign(byte[] message) {
        byte[] signature = new byte[StrictEd25519.SIGNATURE_LENGTH];
        Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
        return signature;
    }
}
