package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.lantern.k8s.NotIdentified.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What a harness's token says, once the cluster is known to have issued it.
 *
 * @param namespace of the pod
 * @param pod its name
 * @param uid its UID
 * @param node where it runs
 * @param until when the token expires
 */
record PodClaims(String namespace, String pod, String uid, String node, Instant until) {
    /** How far the clocks of host and API server may be apart. */
    static final Duration LEEWAY = Duration.ofSeconds(10);

    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,10}");
    /** Goes into a path. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?");

    /**
     * Of claims that are proven.
     *
     * @throws NotIdentified if they are not those of an agent's pod now
     */
    static PodClaims of(JsonObject claims, Instant now) throws NotIdentified {
        requireAudience(claims);
        Instant until = requireTimes(claims, now);
        String namespace = name(claims, "namespace");
        PodClaims bound = new PodClaims(
                namespace,
                name(claims, "pod", "name"),
                text(claims, "pod", "uid"),
                name(claims, "node", "name"),
                until);
        text(claims, "node", "uid");
        String subject = "system:serviceaccount:" + namespace + ":" + PodSpec.SERVICE_ACCOUNT;
        if (!ExpectedJob.text(claims, "sub").orElse("").equals(subject)
                || !text(claims, "serviceaccount", "name").equals(PodSpec.SERVICE_ACCOUNT)) {
            throw new NotIdentified(
                    Reason.ACCOUNT,
                    "its account is "
                            + Shown.quoted(ExpectedJob.text(claims, "sub").orElse("none")));
        }
        return bound;
    }

    private static void requireAudience(JsonObject claims) throws NotIdentified {
        JsonArray only = new JsonArray();
        only.add(PodSpec.AUDIENCE);
        if (!only.equals(claims.get("aud")) && !only.get(0).equals(claims.get("aud"))) {
            throw new NotIdentified(Reason.AUDIENCE, "its audience is not " + PodSpec.AUDIENCE + ", and that alone");
        }
    }

    private static Instant requireTimes(JsonObject claims, Instant now) throws NotIdentified {
        Instant issued = time(claims, "iat");
        Instant from = time(claims, "nbf");
        Instant until = time(claims, "exp");
        if (issued.isAfter(until) || Duration.between(issued, until).compareTo(LONGEST_LIFE) > 0) {
            throw new NotIdentified(
                    Reason.TIMES, "it lives longer than " + LONGEST_LIFE + ", or ends before it begins");
        }
        if (!now.isBefore(until.plus(LEEWAY))) {
            throw new NotIdentified(Reason.EXPIRED, "it expired at " + until + ", now it is " + now);
        }
        if (now.plus(LEEWAY).isBefore(from) || now.plus(LEEWAY).isBefore(issued)) {
            throw new NotIdentified(
                    Reason.NOT_YET, "it is good from " + from + ", issued at " + issued + ", now it is " + now);
        }
        return until;
    }

    private static Instant time(JsonObject claims, String name) throws NotIdentified {
        if (claims.get(name) instanceof JsonPrimitive number
                && number.isNumber()
                && SECONDS.matcher(number.getAsString()).matches()) {
            return Instant.ofEpochSecond(Long.parseLong(number.getAsString()));
        }
        throw new NotIdentified(Reason.TIMES, name + " is missing or no whole number of seconds");
    }

    private static String name(JsonObject claims, String... path) throws NotIdentified {
        String name = text(claims, path);
        if (!NAME.matcher(name).matches()) {
            throw new NotIdentified(Reason.UNBOUND, String.join(".", path) + " is no name of an object");
        }
        return name;
    }

    private static String text(JsonObject claims, String... path) throws NotIdentified {
        JsonObject bound = claims.get("kubernetes.io") instanceof JsonObject object ? object : new JsonObject();
        return ExpectedJob.text(bound, path)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new NotIdentified(
                        Reason.UNBOUND, "it has no " + String.join(".", path) + ": it is bound to no pod on a node"));
    }
}
