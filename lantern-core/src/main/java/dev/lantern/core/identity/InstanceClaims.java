package dev.lantern.core.identity;

import dev.lantern.gate.HandlerKind;
import dev.lantern.spec.Isolation;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Quoted;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an authority says of an instance besides its id: what runs there, and behind which boundary.
 *
 * @param spec the digest of the agent spec
 * @param isolation the class that it runs under
 * @param handler the boundary that it got
 * @param image the digest of its image, where one is pinned
 * @param pod where it runs, where that is a pod
 */
public record InstanceClaims(
        Digest spec, Isolation isolation, HandlerKind handler, Optional<Digest> image, Optional<Pod> pod) {

    public InstanceClaims {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(isolation, "isolation");
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(pod, "pod");
    }

    /** What is to be said of an instance that runs in no pod and of no pinned image. */
    public static InstanceClaims of(Digest spec, Isolation isolation, HandlerKind handler) {
        return new InstanceClaims(spec, isolation, handler, Optional.empty(), Optional.empty());
    }

    /** These claims with an image. */
    public InstanceClaims withImage(Digest image) {
        return new InstanceClaims(spec, isolation, handler, Optional.of(image), pod);
    }

    /** These claims with a pod. */
    public InstanceClaims withPod(Pod pod) {
        return new InstanceClaims(spec, isolation, handler, image, Optional.of(pod));
    }

    /**
     * A pod as the API server knows it.
     *
     * @param namespace its namespace
     * @param name its name
     * @param uid its UID, which no other pod ever has
     * @param node the node that it is bound to
     */
    public record Pod(String namespace, String name, String uid, String node) {
        private static final Pattern FORM = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");

        /** @throws LanternException if one of them is no name as Kubernetes gives it */
        public Pod {
            require("namespace", namespace);
            require("name", name);
            require("uid", uid);
            require("node", node);
        }

        private static void require(String what, String value) {
            if (!FORM.matcher(value).matches()) {
                throw new LanternException("a pod's " + what + " is " + Quoted.name(value)
                        + "; allowed are 1 to 253 of A-Z a-z 0-9 . _ - that begin and end with a letter or a digit");
            }
        }
    }
}
