package dev.lantern.k8s;

import dev.lantern.k8s.NotIdentified.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.TreeMap;

/** Finds out whether the cluster has issued a token; what the token says is somebody else's affair. Thread-safe. */
interface TokenProof {

    /**
     * Returns if it has.
     *
     * @param token as it was presented
     * @param parsed the same, taken apart
     * @throws NotIdentified if not, or if that cannot be told
     */
    void prove(byte[] token, Jws parsed, Duration within) throws NotIdentified;

    /** With the cluster's keys, and without asking for each token. */
    static TokenProof offline(ClusterKeys keys) {
        return (token, parsed, within) -> {
            if (!parsed.algorithm().equals(ClusterKey.RS256)
                    && !parsed.algorithm().equals(ClusterKey.ES256)) {
                throw new NotIdentified(Reason.ALGORITHM, "its algorithm is neither RS256 nor ES256");
            }
            String issuer = ExpectedJob.text(parsed.claims(), "iss").orElse("");
            ClusterKeys.Found found = keys.current(parsed.key(), issuer, within);
            ClusterKey key = found.keys().get(parsed.key());
            if (key == null) {
                throw new NotIdentified(Reason.KEY, "the cluster has no such key");
            }
            if (!key.algorithm().equals(parsed.algorithm())) {
                throw new NotIdentified(Reason.ALGORITHM, "the cluster's key is for " + key.algorithm());
            }
            if (!key.signed(parsed.signed(), parsed.signature())) {
                throw new NotIdentified(Reason.SIGNATURE, "it is not signed with the key that it names");
            }
            if (!found.issuer().equals(issuer)) {
                throw new NotIdentified(
                        Reason.ISSUER,
                        "its issuer is " + Shown.quoted(issuer) + ", the cluster's " + Shown.quoted(found.issuer()));
            }
        };
    }

    /** By asking the API server about it, which may still say yes some seconds after the pod is gone. */
    static TokenProof review(Calls calls) {
        return (token, parsed, within) -> {
            Tree review = Tree.object()
                    .put("apiVersion", "authentication.k8s.io/v1")
                    .put("kind", "TokenReview")
                    .put(
                            "spec",
                            Tree.object()
                                    .put("token", new String(token, StandardCharsets.US_ASCII))
                                    .put("audiences", Tree.strings(PodSpec.AUDIENCE)));
            Change ask = new Change(
                    Change.Kind.CREATE,
                    "/apis/authentication.k8s.io/v1/tokenreviews",
                    "of a credential",
                    new TreeMap<>(),
                    review.json(),
                    Rule.cluster("authentication.k8s.io", "tokenreviews", "create"));
            Result result = calls.change(ask, within);
            if (!(result instanceof Done done)) {
                throw new NotIdentified(
                        Reason.REVIEW_UNANSWERED,
                        result instanceof Result.Refused refused
                                ? refused.why()
                                : result instanceof Result.Unknown unknown ? unknown.why() : "no answer to go by");
            }
            requireSameClaims(done, parsed);
        };
    }

    private static void requireSameClaims(Done review, Jws parsed) throws NotIdentified {
        try {
            View status = new View(review.tree(), "the review").child("status");
            View user = status.child("user");
            boolean ours = status.flag("authenticated")
                    && status.texts("audiences").contains(PodSpec.AUDIENCE)
                    && user.optionalText("username").equals(ExpectedJob.text(parsed.claims(), "sub"))
                    && user.child("extra")
                            .texts("authentication.kubernetes.io/pod-uid")
                            .equals(ExpectedJob.text(parsed.claims(), "kubernetes.io", "pod", "uid").stream()
                                    .toList());
            if (!ours) {
                throw new NotIdentified(Reason.REVIEW, "the API server does not say that it is one of its own");
            }
        } catch (UnreadableException e) {
            throw new NotIdentified(Reason.REVIEW, String.valueOf(e.getMessage()));
        }
    }
}
