package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** A key of a test's own: whatever it signs is signed well, so that it is refused for what it says. */
final class SignedTokens {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    final String id;
    final KeyPair keys;

    private SignedTokens(String id, KeyPair keys) {
        this.id = id;
        this.keys = keys;
    }

    static SignedTokens rsa(String id, int bits) {
        return generate(id, "RSA", generator -> generator.initialize(bits));
    }

    static SignedTokens p256(String id) {
        return generate(id, "EC", generator -> generator.initialize(new ECGenParameterSpec("secp256r1")));
    }

    private interface Setting {
        void apply(KeyPairGenerator generator) throws GeneralSecurityException;
    }

    private static SignedTokens generate(String id, String kind, Setting setting) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            setting.apply(generator);
            return new SignedTokens(id, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    String algorithm() {
        return keys.getPublic() instanceof RSAPublicKey ? "RS256" : "ES256";
    }

    String token(JsonObject claims) {
        return token("{\"alg\":\"" + algorithm() + "\",\"kid\":\"" + id + "\"}", claims.toString());
    }

    String token(String header, String claims) {
        String signed = part(header) + "." + part(claims);
        return signed + "." + ENCODER.encodeToString(signature(signed));
    }

    byte[] signature(String signed) {
        try {
            Signature signature = Signature.getInstance(
                    algorithm().equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String part(String json) {
        return ENCODER.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    JsonObject jwk() {
        JsonObject jwk = new JsonObject();
        jwk.addProperty("use", "sig");
        jwk.addProperty("kid", id);
        jwk.addProperty("alg", algorithm());
        if (keys.getPublic() instanceof RSAPublicKey rsa) {
            jwk.addProperty("kty", "RSA");
            jwk.addProperty("n", number(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8));
            jwk.addProperty("e", number(rsa.getPublicExponent(), 3));
        } else if (keys.getPublic() instanceof ECPublicKey ec) {
            jwk.addProperty("kty", "EC");
            jwk.addProperty("crv", "P-256");
            jwk.addProperty("x", number(ec.getW().getAffineX(), 32));
            jwk.addProperty("y", number(ec.getW().getAffineY(), 32));
        }
        return jwk;
    }

    static String set(SignedTokens... tokens) {
        JsonArray keys = new JsonArray();
        Arrays.stream(tokens).map(SignedTokens::jwk).forEach(keys::add);
        JsonObject set = new JsonObject();
        set.add("keys", keys);
        return set.toString();
    }

    private static String number(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[length];
        int from = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, from, padded, length - (bytes.length - from), bytes.length - from);
        return ENCODER.encodeToString(padded);
    }
}
