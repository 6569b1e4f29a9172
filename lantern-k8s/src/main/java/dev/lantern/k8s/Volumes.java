package dev.lantern.k8s;

import com.google.gson.JsonArray;
import dev.lantern.spec.Quantity;
import java.util.ArrayList;
import java.util.List;

/**
 * What the two containers share and what they do not. No path lies inside another one: a runtime would have to make the
 * inner mount point in a volume that is mounted read-only.
 */
final class Volumes {
    static final String INPUT_PATH = "/run/lantern/input";
    static final String INPUT_FILE = INPUT_PATH + "/input.json";
    static final String SECRETS_PATH = "/run/lantern/secrets";
    static final String OUT_PATH = "/run/lantern/out";
    static final String RESULT_FILE = OUT_PATH + "/result.json";
    static final String SCRATCH_PATH = "/tmp";
    static final String WORKSPACE_PATH = "/workspace";
    static final String TOKEN_PATH = "/run/lantern/enrolment";
    static final String TOKEN_FILE = TOKEN_PATH + "/token";

    /** An input or a result is at most 16 MiB; twice, because it is replaced by renaming. */
    static final Quantity PAYLOAD_SIZE = Quantity.parse("33Mi");

    private static final Quantity SECRETS_SIZE = Quantity.parse("4Mi");
    static final Quantity HARNESS_SIZE = Quantity.parse("64Mi");

    /** {@code r--r-----}: for the harness's user through the group; the agent's container does not have this volume. */
    private static final int TOKEN_MODE = 0440;

    private static final String INPUT = "lantern-input";
    private static final String SECRETS = "lantern-secrets";
    private static final String OUT = "lantern-out";
    private static final String SCRATCH = "lantern-scratch";
    private static final String HARNESS = "lantern-harness";
    private static final String ENROLMENT = "lantern-enrolment";
    private static final String WORKSPACE = "lantern-workspace";

    private final PodRequest request;

    Volumes(PodRequest request) {
        this.request = request;
    }

    JsonArray json() {
        List<Tree> volumes = new ArrayList<>();
        volumes.add(inMemory(INPUT, PAYLOAD_SIZE));
        volumes.add(inMemory(SECRETS, SECRETS_SIZE));
        volumes.add(onDisk(OUT, PAYLOAD_SIZE));
        volumes.add(onDisk(SCRATCH, scratchSize(request)));
        volumes.add(onDisk(HARNESS, HARNESS_SIZE));
        volumes.add(enrolmentToken());
        request.workspace()
                .ifPresent(claim -> volumes.add(Tree.object()
                        .put("name", WORKSPACE)
                        .put("persistentVolumeClaim", Tree.object().put("claimName", claim))));
        return Tree.array(volumes.toArray(Tree[]::new));
    }

    JsonArray ofHarness() {
        return Tree.array(
                mount(INPUT, INPUT_PATH),
                mount(SECRETS, SECRETS_PATH),
                readOnly(OUT, OUT_PATH),
                mount(HARNESS, SCRATCH_PATH),
                readOnly(ENROLMENT, TOKEN_PATH));
    }

    JsonArray ofAgent() {
        List<Tree> mounts = new ArrayList<>();
        mounts.add(readOnly(INPUT, INPUT_PATH));
        mounts.add(readOnly(SECRETS, SECRETS_PATH));
        mounts.add(mount(OUT, OUT_PATH));
        mounts.add(mount(SCRATCH, SCRATCH_PATH));
        request.workspace().ifPresent(claim -> mounts.add(mount(WORKSPACE, WORKSPACE_PATH)));
        return Tree.array(mounts.toArray(Tree[]::new));
    }

    static Quantity scratchSize(PodRequest request) {
        return request.spec().limits().scratchSize().orElse(request.defaults().scratch());
    }

    private static Tree inMemory(String name, Quantity size) {
        return Tree.object()
                .put("name", name)
                .put("emptyDir", Tree.object().put("medium", "Memory").put("sizeLimit", Amount.of(size)));
    }

    private static Tree onDisk(String name, Quantity size) {
        return Tree.object().put("name", name).put("emptyDir", Tree.object().put("sizeLimit", Amount.of(size)));
    }

    private static Tree enrolmentToken() {
        return Tree.object()
                .put("name", ENROLMENT)
                .put(
                        "projected",
                        Tree.object()
                                .put(
                                        "sources",
                                        Tree.array(Tree.object()
                                                .put(
                                                        "serviceAccountToken",
                                                        Tree.object()
                                                                .put("audience", PodSpec.AUDIENCE)
                                                                .put("expirationSeconds", PodSpec.tokenSeconds())
                                                                .put("path", "token"))))
                                .put("defaultMode", TOKEN_MODE));
    }

    private static Tree mount(String volume, String path) {
        return Tree.object().put("name", volume).put("mountPath", path);
    }

    private static Tree readOnly(String volume, String path) {
        return Tree.object().put("name", volume).put("readOnly", true).put("mountPath", path);
    }
}
