package dev.lantern.k8s;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A key that the cluster signs tokens with, and the one algorithm that goes with it. Immutable.
 *
 * @param id its {@code kid}
 * @param algorithm {@code RS256} or {@code ES256}
 * @param key the public key
 */
record ClusterKey(String id, String algorithm, PublicKey key) {
    static final String RS256 = "RS256";
    static final String ES256 = "ES256";

    private static final int LEAST_RSA_BITS = 2048;
    private static final int P256_BYTES = 32;
    private static final BigInteger P256_ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    /**
     * Of a JWK (RFC 7517); empty if it is of a kind that signs no tokens here.
     *
     * @throws UnreadableException if it is of such a kind and not what it has to be
     */
    static Optional<ClusterKey> of(View jwk) throws UnreadableException {
        if (!jwk.optionalText("use").orElse("sig").equals("sig")) {
            return Optional.empty();
        }
        String kind = jwk.text("kty");
        String algorithm = jwk.optionalText("alg").orElse(kind.equals("RSA") ? RS256 : ES256);
        if (kind.equals("RSA") && algorithm.equals(RS256)) {
            return Optional.of(new ClusterKey(jwk.text("kid"), RS256, rsa(jwk)));
        }
        boolean p256 = jwk.optionalText("crv").orElse("").equals("P-256");
        return kind.equals("EC") && p256 && algorithm.equals(ES256)
                ? Optional.of(new ClusterKey(jwk.text("kid"), ES256, p256(jwk)))
                : Optional.empty();
    }

    private static PublicKey rsa(View jwk) throws UnreadableException {
        BigInteger modulus = number(jwk, "n");
        if (modulus.bitLength() < LEAST_RSA_BITS) {
            throw new UnreadableException(jwk.what() + " has " + modulus.bitLength() + " bits");
        }
        try {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, number(jwk, "e")));
        } catch (GeneralSecurityException e) {
            throw new UnreadableException(jwk.what() + " is no RSA key: " + e);
        }
    }

    private static PublicKey p256(View jwk) throws UnreadableException {
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        } catch (GeneralSecurityException e) {
            throw new UnreadableException(jwk.what() + " is no key on P-256: " + e);
        }
    }

    private static BigInteger number(View jwk, String name) throws UnreadableException {
        try {
            return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.text(name)));
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(jwk.what() + ": " + name + " is no base64url");
        }
    }

    /** Whether these bytes were signed with it. */
    boolean signed(byte[] bytes, byte[] signature) {
        boolean es256 = algorithm.equals(ES256);
        if (es256 && !isOfP256(signature)) {
            return false;
        }
        try {
            Signature check = Signature.getInstance(es256 ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
            check.initVerify(key);
            check.update(bytes);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // What is no signature at all, such as one of another length, is none of this key.
            return false;
        }
    }

    /** Two numbers within the order of the curve. Some JDKs have taken zeros for a signature of everything. */
    private static boolean isOfP256(byte[] signature) {
        return signature.length == 2 * P256_BYTES
                && isWithinOrder(Arrays.copyOfRange(signature, 0, P256_BYTES))
                && isWithinOrder(Arrays.copyOfRange(signature, P256_BYTES, 2 * P256_BYTES));
    }

    private static boolean isWithinOrder(byte[] half) {
        BigInteger number = new BigInteger(1, half);
        return number.signum() > 0 && number.compareTo(P256_ORDER) < 0;
    }
}
