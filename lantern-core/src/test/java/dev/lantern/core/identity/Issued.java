package dev.lantern.core.identity;

import dev.lantern.gate.HandlerKind;
import dev.lantern.spec.Isolation;
import dev.lantern.value.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** An authority at a moment that is moved by hand, and one instance to issue to. */
final class Issued {
    static final TrustDomain DOMAIN = new TrustDomain("lantern.example");
    static final Duration WITHIN = Duration.ofSeconds(10);
    static final Instant NOW = Keys.MADE.plus(Duration.ofDays(10));
    static final InstanceId ID = new InstanceId(DOMAIN, "acme", "triage", "ticket-4711", 3);
    static final TestSigner INSTANCE =
            TestSigner.ofSeed("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
    static final InstanceClaims CLAIMS = InstanceClaims.of(
                    Digest.sha256("spec".getBytes(StandardCharsets.US_ASCII)), Isolation.UNTRUSTED, HandlerKind.GVISOR)
            .withImage(Digest.sha256("image".getBytes(StandardCharsets.US_ASCII)))
            .withPod(new InstanceClaims.Pod("agents", "ln-abc-xyz", "2f8b5c1e-0000-4000-8000-000000000001", "node-1"));

    final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    final Keys keys;
    final Authority authority;
    private byte next;

    Issued(Keys keys) {
        this.keys = keys;
        this.authority = Authority.of(keys, DOMAIN, now::get, length -> {
            byte[] bytes = new byte[length];
            java.util.Arrays.fill(bytes, ++next);
            return bytes;
        });
    }

    static Issued byOneKey() {
        return new Issued(Keys.one());
    }

    IssuedCredentials credentials() {
        return authority.issue(ID, INSTANCE.key().bytes(), CLAIMS, WITHIN);
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }
}
