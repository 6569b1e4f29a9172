package dev.lantern.k8s;

import dev.lantern.value.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The labels and annotations that say whose an object is. A label must select and be short, so a text that does not fit
 * is a digest there; the annotation of the same name holds it in full.
 */
final class Marks {
    static final String PREFIX = "lantern.dev/";

    static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    static final String LANTERN = "lantern";

    static final String INSTALLATION = PREFIX + "installation";
    static final String TENANT = PREFIX + "tenant";
    static final String RUN = PREFIX + "run";
    static final String INSTANCE = PREFIX + "instance";
    static final String EPOCH = PREFIX + "epoch";
    static final String ISOLATION = PREFIX + "isolation";
    /** What the admission policy holds {@code runtimeClassName} against; empty for none. */
    static final String RUNTIME_CLASS = PREFIX + "runtime-class";

    /** On the claim of a workspace: what it is called. */
    static final String WORKSPACE = PREFIX + "workspace";

    static final String RUNTIME_CLASS_UID = PREFIX + "runtime-class-uid";
    static final String SPEC_DIGEST = PREFIX + "spec-digest";
    /** The version of the template: hosts of two versions tell each other's Jobs apart by it. */
    static final String TEMPLATE = PREFIX + "template";

    /** On a namespace: agents run here, and the admission policies hold. */
    static final String AGENTS = PREFIX + "agents";

    /** The scheduling gate that holds a pod until it has been compared. */
    static final String GATE = PREFIX + "gate";

    /** What the Job controller labels its pods with, in its older form; a spec may not use them. */
    private static final List<String> CONTROLLER = List.of("controller-uid", "job-name");

    private static final String HASHED = "sha256-";
    private static final int LONGEST = 63;
    private static final int WHOLE_DIGEST = 51;

    private Marks() {}

    /** Whether a spec's label would say something that only we or the Job controller may say. */
    static boolean isReserved(String label) {
        return label.equals(MANAGED_BY) || label.startsWith(PREFIX) || CONTROLLER.contains(label);
    }

    /**
     * A tenant or run id as a label value: itself, or {@code sha256-} and 51 characters of base32 if it is longer than
     * 63 characters or looks like such a digest, so that no id can pass for another one's digest.
     */
    static String label(String id) {
        if (id.length() <= LONGEST && !id.startsWith(HASHED)) {
            return id;
        }
        byte[] digest = Digest.sha256(id.getBytes(StandardCharsets.UTF_8)).bytes();
        return HASHED + InstanceKey.base32(digest, WHOLE_DIGEST);
    }
}
