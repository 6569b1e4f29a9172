package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * What the runtime's authority says of an instance and its key. Nothing in here is a secret: without the key's private
 * half, which never leaves the harness, it is of no use.
 *
 * @param chain the X.509 certificate for mutual TLS, and those behind it: DER in base64, the instance's own first
 * @param token the instance token, a WIMSE workload identity token
 * @param authorities the certificates by which gateways are to be known from now on: DER in base64
 * @param renewAfter when to ask for new ones, from now
 */
public record Credentials(List<String> chain, String token, List<String> authorities, Duration renewAfter) {
    private static final int MOST_SECONDS = 86_400;

    /** @throws LanternException if there is no certificate, or one that is not base64 in its one form */
    public Credentials {
        chain = certificates(chain, "chain");
        authorities = certificates(authorities, "authorities");
    }

    /** The same, of certificates as they are. */
    public static Credentials of(List<byte[]> chain, String token, List<byte[]> authorities, Duration renewAfter) {
        return new Credentials(base64(chain), token, base64(authorities), renewAfter);
    }

    /** The chain as DER, the instance's own certificate first. */
    public List<byte[]> chainDer() {
        return der(chain);
    }

    /** The authorities as DER. */
    public List<byte[]> authoritiesDer() {
        return der(authorities);
    }

    Json.Obj json() {
        return Json.object()
                .put("chain", Json.texts(chain))
                .put("token", token)
                .put("authorities", Json.texts(authorities))
                .put("renewAfterSeconds", renewAfter.toSeconds())
                .build();
    }

    static Credentials of(Json.Obj json) {
        json.requireOnly("chain", "token", "authorities", "renewAfterSeconds");
        return new Credentials(
                Members.texts(json, "chain"),
                json.text("token"),
                Members.texts(json, "authorities"),
                Duration.ofSeconds(Members.integer(json, "renewAfterSeconds", 1, MOST_SECONDS)));
    }

    private static List<String> base64(List<byte[]> certificates) {
        return certificates.stream().map(Base64.getEncoder()::encodeToString).toList();
    }

    private static List<byte[]> der(List<String> certificates) {
        return certificates.stream().map(Base64.getDecoder()::decode).toList();
    }

    private static List<String> certificates(List<String> texts, String what) {
        if (texts.isEmpty() || !texts.stream().allMatch(Base64Text::isCanonical)) {
            throw new LanternException(
                    "credentials have at least one certificate in \"" + what + "\", each of them DER in padded base64");
        }
        return List.copyOf(texts);
    }
}
