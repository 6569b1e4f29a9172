package dev.lantern.testkit.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lantern.value.LanternException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;

/**
 * The tokens of service accounts: RS256, as real clusters sign them, under a key of this fake's own that
 * {@code /openid/v1/jwks} shows.
 */
final class Jwt {
    private static final int KEY_BITS = 2048;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;
    private final String id;

    private Jwt(KeyPair keys, String id) {
        this.keys = keys;
        this.id = id;
    }

    static Jwt generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            KeyPair keys = generator.generateKeyPair();
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
            return new Jwt(keys, ENCODER.encodeToString(digest));
        } catch (GeneralSecurityException e) {
            throw new LanternException("this JDK has no RSA", e);
        }
    }

    String sign(ObjectNode claims) {
        String signed = part(Trees.object().put("alg", "RS256").put("kid", id)) + "." + part(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + ENCODER.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new LanternException("the fake cannot sign a token", e);
        }
    }

    /** The claims of a token that was signed here. */
    Optional<JsonNode> verified(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(keys.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            Base64.Decoder decoder = Base64.getUrlDecoder();
            return signature.verify(decoder.decode(parts[2]))
                    ? Optional.of(Trees.read(decoder.decode(parts[1])))
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Text from anybody: what is not a token of ours is no token.
            return Optional.empty();
        }
    }

    ObjectNode jwks() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        ObjectNode set = Trees.object();
        set.putArray("keys")
                .addObject()
                .put("use", "sig")
                .put("kty", "RSA")
                .put("kid", id)
                .put("alg", "RS256")
                .put("n", ENCODER.encodeToString(unsigned(key.getModulus())))
                .put("e", ENCODER.encodeToString(unsigned(key.getPublicExponent())));
        return set;
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String part(ObjectNode json) {
        return ENCODER.encodeToString(Trees.write(json));
    }
}
