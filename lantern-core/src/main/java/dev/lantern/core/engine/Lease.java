package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.secrets.SecretMode;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.spec.SecretUri;
import java.time.Instant;
import java.util.Optional;

/**
 * The right of one instance to a secret's value, for a while.
 *
 * @param id names it within the run
 * @param epoch whose it is
 * @param name the secret's {@code env_name}
 * @param secret where it is kept, its tenant spelled out
 * @param mode whether the value lives on when the lease ends
 * @param handle by which the store ends a dynamic one
 * @param version which value it was last, as the store counts them
 * @param expiresAt when it ends unless it is renewed
 * @param renewals how often it was
 */
record Lease(
        String id,
        int epoch,
        String name,
        SecretUri secret,
        SecretMode mode,
        Optional<String> handle,
        Optional<String> version,
        Instant expiresAt,
        int renewals) {

    static Lease of(int epoch, RunEvent.SecretVended vended) {
        return new Lease(
                vended.lease(),
                epoch,
                vended.name(),
                vended.secret(),
                vended.mode(),
                vended.handle(),
                vended.version(),
                vended.expiresAt(),
                vended.renewal());
    }

    /** The lease that a request of this instance is given: the same request, the same lease. */
    static String id(int epoch, String request) {
        return epoch + "-" + request;
    }

    /** Whether an id is one that {@link #id} makes for this instance. */
    static boolean isOf(int epoch, String id) {
        return id.startsWith(epoch + "-");
    }

    boolean isDynamic() {
        return mode == SecretMode.DYNAMIC;
    }

    SecretPlace place() {
        return place(secret);
    }

    static SecretPlace place(SecretUri secret) {
        return new SecretPlace(secret.tenant().orElseThrow(), secret.key());
    }
}
