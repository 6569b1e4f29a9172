package dev.lantern.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Signs tokens to log in with, as a platform does for its workloads. */
final class TokenIssuer {
    static final String AUDIENCE = "https://bao.example";

    private final KeyPair keys;

    private TokenIssuer(KeyPair keys) {
        this.keys = keys;
    }

    static TokenIssuer generated() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return new TokenIssuer(generator.generateKeyPair());
    }

    /** For {@code jwt_validation_pubkeys}. */
    String publicKey() {
        return VaultCertificates.pem("PUBLIC KEY", keys.getPublic().getEncoded());
    }

    /** Of the workload that Lantern is. */
    String token(String audience, Duration life) throws GeneralSecurityException {
        Instant now = Instant.now();
        String text = encoded("{\"alg\":\"ES256\",\"typ\":\"JWT\"}".getBytes(UTF_8)) + "."
                + encoded(("{\"sub\":\"lantern\",\"aud\":\"" + audience + "\",\"iat\":"
                                + (now.getEpochSecond() - 60) + ",\"nbf\":" + (now.getEpochSecond() - 60) + ",\"exp\":"
                                + now.plus(life).getEpochSecond() + "}")
                        .getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(keys.getPrivate());
        signature.update(text.getBytes(UTF_8));
        return text + "." + encoded(signature.sign());
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
