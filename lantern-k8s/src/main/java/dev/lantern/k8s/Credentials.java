package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.k8s.NotIdentified.Reason;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells whose a credential is. A harness proves itself with the token of its pod's service account: the cluster has
 * issued it, for this purpose, to a pod of that UID on that node, and the pod stands and is an instance of this
 * installation. Everything else is nobody's; the reason goes to the operator alone.
 *
 * <p>A token that was good is good again until it expires, as long as its pod is seen to stand. Thread-safe.
 */
final class Credentials {
    /** Of each instance there are two tokens at most, for a while. */
    private static final int MOST_KNOWN = 50_000;

    /** Says nothing about the credential. */
    private static final Set<Reason> UNTOLD =
            EnumSet.of(Reason.KEYS_UNREADABLE, Reason.POD_UNREADABLE, Reason.REVIEW_UNANSWERED);

    private static final Set<Reason> GONE = EnumSet.of(Reason.POD_GONE, Reason.POD_OTHER, Reason.POD_DELETED);

    private final TokenProof proof;
    private final Calls calls;
    private final Whereabouts whereabouts;
    private final BiPredicate<InstanceRef, String> stands;
    private final Consumer<NotIdentified> refusals;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Identities identities = new Identities(MOST_KNOWN);

    /**
     * @param stands whether the instance's pod is seen, has that UID and is not being deleted, told from memory; false
     *     costs a request and refuses nothing
     * @param refusals told why, in the thread of the caller
     * @param nanos what time has passed, as {@link System#nanoTime}
     */
    Credentials(
            TokenProof proof,
            Calls calls,
            Whereabouts whereabouts,
            BiPredicate<InstanceRef, String> stands,
            Consumer<NotIdentified> refusals,
            InstantSource clock,
            LongSupplier nanos) {
        this.proof = proof;
        this.calls = calls;
        this.whereabouts = whereabouts;
        this.stands = stands;
        this.refusals = refusals;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Whose it is; empty if it is nobody's.
     *
     * @throws LanternException if that cannot be told now
     */
    Optional<InstanceRef> identify(byte[] credential, Duration within) {
        try {
            return Optional.of(identified(credential, within));
        } catch (NotIdentified e) {
            refusals.accept(e);
            if (UNTOLD.contains(e.reason())) {
                throw new LanternException("whose credential this is cannot be told: " + e.getMessage(), e);
            }
            return Optional.empty();
        }
    }

    private InstanceRef identified(byte[] credential, Duration within) throws NotIdentified {
        long end = nanos.getAsLong() + within.toNanos();
        Instant now = clock.instant();
        Jws parsed = Jws.parse(credential);
        Digest token = Digest.sha256(credential);
        Optional<Identities.Identity> known = identities.ofToken(token, now);
        PodClaims claims;
        if (known.isPresent()) {
            claims = known.get().pod();
        } else {
            proof.prove(credential, parsed, left(end));
            claims = PodClaims.of(parsed.claims(), now);
        }
        Optional<InstanceRef> seen = identities
                .ofPod(claims)
                .map(Identities.Identity::instance)
                .filter(instance -> stands.test(instance, claims.uid()));
        if (seen.isPresent() && known.isPresent()) {
            return seen.get();
        }
        InstanceRef instance = seen.isPresent() ? seen.get() : reread(claims, left(end));
        identities.add(token, new Identities.Identity(instance, claims));
        return instance;
    }

    private InstanceRef reread(PodClaims claims, Duration within) throws NotIdentified {
        Optional<NotIdentified> gone = identities.whyGone(claims);
        if (gone.isPresent()) {
            throw gone.get();
        }
        try {
            return read(claims, within);
        } catch (NotIdentified e) {
            if (GONE.contains(e.reason())) {
                identities.gone(claims, e);
            }
            throw e;
        }
    }

    private InstanceRef read(PodClaims claims, Duration within) throws NotIdentified {
        Rule rule = Rule.namespace(claims.namespace(), "", "pods", "get");
        Get get = Get.of("/api/v1/namespaces/" + claims.namespace() + "/pods/" + claims.pod(), rule);
        Result result = calls.read(get, claims.pod(), within);
        if (result instanceof Result.Gone) {
            throw new NotIdentified(Reason.POD_GONE, "there is no pod " + claims.namespace() + "/" + claims.pod());
        }
        if (!(result instanceof Done done)) {
            throw new NotIdentified(
                    Reason.POD_UNREADABLE,
                    result instanceof Result.Refused refused
                            ? refused.why()
                            : result instanceof Result.Unknown unknown ? unknown.why() : get.source());
        }
        return instance(claims, done.tree());
    }

    private InstanceRef instance(PodClaims claims, JsonObject pod) throws NotIdentified {
        String name = claims.namespace() + "/" + claims.pod();
        if (!is(claims.uid(), pod, "metadata", "uid")
                || !is(claims.pod(), pod, "metadata", "name")
                || !is(claims.namespace(), pod, "metadata", "namespace")) {
            throw new NotIdentified(Reason.POD_OTHER, "pod " + name + " is another one than the token's");
        }
        if (ExpectedJob.text(pod, "metadata", "deletionTimestamp").isPresent()) {
            throw new NotIdentified(Reason.POD_DELETED, "pod " + name + " is being deleted");
        }
        if (!is(PodSpec.SERVICE_ACCOUNT, pod, "spec", "serviceAccountName")) {
            throw new NotIdentified(Reason.ACCOUNT, "pod " + name + " has another service account");
        }
        if (!is(claims.node(), pod, "spec", "nodeName")) {
            throw new NotIdentified(Reason.NODE, "pod " + name + " is not on node " + claims.node());
        }
        return whereabouts
                .instanceOf(pod)
                .orElseThrow(() ->
                        new NotIdentified(Reason.FOREIGN, "pod " + name + " is none of this installation's instances"));
    }

    private static boolean is(String wanted, JsonObject pod, String... path) {
        return ExpectedJob.text(pod, path).equals(Optional.of(wanted));
    }

    private Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - nanos.getAsLong()));
    }
}
