package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.Quantity;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The workspaces of devcontainers: a claim for each, made before the first instance that mounts it, kept when it ends,
 * and never deleted by a host. A run has its own, unless its spec names one with the label {@code workspace}: that one
 * is shared by all runs of the tenant that name it, one after the other, because it is mounted by one node at a time.
 *
 * <p>A claim's name is {@code ws-} and 26 characters of base32 of
 * {@code SHA-256(domain ‖ text(installation) ‖ text(tenant) ‖ text(kind) ‖ text(name))}, where kind is {@code run} or
 * {@code name}; see {@link InstanceKey}. So nobody names another tenant's.
 */
final class Workspaces {
    /** In {@code spec.labels}. */
    static final String LABEL = "workspace";

    private static final String DOMAIN = "lantern/kubernetes/workspace/v1\n";
    private static final int CHARACTERS = 26;

    private final Calls calls;
    private final String installation;
    private final Storage storage;

    Workspaces(Calls calls, String installation, Storage storage) {
        this.calls = calls;
        this.installation = installation;
        this.storage = storage;
    }

    /**
     * What a new workspace gets.
     *
     * @param size how large it is
     * @param className the StorageClass; empty for the cluster's default
     */
    record Storage(Quantity size, String className) {}

    /** The claim that an instance mounts; empty unless it is a devcontainer. */
    static Optional<String> claimOf(String installation, InstanceStart start) {
        if (start.placement().isolation() != Isolation.DEVCONTAINER) {
            return Optional.empty();
        }
        RunRef run = start.instance().run();
        String kind = named(start).isPresent() ? "name" : "run";
        byte[] digest = Digest.sha256(InstanceKey.texts(DOMAIN, installation, run.tenant(), kind, nameOf(start))
                        .toByteArray())
                .bytes();
        return Optional.of("ws-" + InstanceKey.base32(digest, CHARACTERS));
    }

    private static Optional<String> named(InstanceStart start) {
        return Optional.ofNullable(start.spec().labels().get(LABEL)).filter(name -> !name.isEmpty());
    }

    private static String nameOf(InstanceStart start) {
        return named(start).orElse(start.instance().run().run());
    }

    /**
     * Sees to it that the claim stands.
     *
     * @throws NotStartedException if it cannot, or is somebody else's
     * @throws LanternException if nothing is known
     */
    void provide(PodRequest request, InstanceStart start, Within within) throws NotStartedException {
        Optional<String> claim = request.workspace();
        if (claim.isEmpty()) {
            return;
        }
        String path = Paths.claims(request.namespace());
        Rule rule = Rule.namespace(request.namespace(), "", "persistentvolumeclaims", "get");
        Get get = Get.of(path + "/" + claim.get(), rule);
        Result found = calls.read(get, claim.get(), within.left());
        if (found instanceof Result.Gone) {
            Rule create = Rule.namespace(request.namespace(), "", "persistentvolumeclaims", "create");
            found = calls.change(Change.create(path, claim(request, start), create), within.left());
            if (found instanceof Result.AlreadyThere || found instanceof Result.Unknown) {
                found = calls.read(get, claim.get(), within.left());
            }
        }
        if (found instanceof Done done) {
            requireOurs(done.tree(), request, start);
        } else if (found instanceof Result.Refused refused) {
            throw NotStartedException.because(StartRefusal.of(refused, request.namespace()));
        } else {
            throw new LanternException("the workspace of " + start.instance() + ", PersistentVolumeClaim "
                    + request.namespace() + "/" + claim.get() + ": " + JobMaking.said(found));
        }
    }

    private void requireOurs(JsonObject claim, PodRequest request, InstanceStart start) throws NotStartedException {
        for (Map.Entry<String, String> mark : marks(start).entrySet()) {
            String found =
                    ExpectedJob.text(claim, "metadata", "labels", mark.getKey()).orElse("");
            if (!found.equals(mark.getValue())) {
                throw NotStartedException.because(
                        "PersistentVolumeClaim " + request.namespace() + "/"
                                + request.workspace().orElseThrow() + " would be the workspace of " + start.instance()
                                + ", and its label " + mark.getKey() + " is " + Shown.quoted(found) + " and not "
                                + Shown.quoted(mark.getValue())
                                + ": it was not made by this installation; see who made it, and delete it or let its"
                                + " owner rename it",
                        true);
            }
        }
        if (ExpectedJob.text(claim, "metadata", "deletionTimestamp").isPresent()) {
            throw NotStartedException.because(
                    "the workspace of " + start.instance() + ", PersistentVolumeClaim " + request.namespace() + "/"
                            + request.workspace().orElseThrow()
                            + ", is being deleted; a new one is made once it is gone",
                    false);
        }
    }

    private Map<String, String> marks(InstanceStart start) {
        Map<String, String> marks = new TreeMap<>();
        marks.put(Marks.MANAGED_BY, Marks.LANTERN);
        marks.put(Marks.INSTALLATION, installation);
        marks.put(Marks.TENANT, Marks.label(start.instance().run().tenant()));
        marks.put(Marks.WORKSPACE, Marks.label(nameOf(start)));
        return marks;
    }

    private JsonObject claim(PodRequest request, InstanceStart start) {
        Tree spec = Tree.object()
                .put("accessModes", Tree.strings(List.of("ReadWriteOnce")))
                .put(
                        "resources",
                        Tree.object().put("requests", Tree.object().put("storage", Amount.of(storage.size()))));
        if (!storage.className().isEmpty()) {
            spec.put("storageClassName", storage.className());
        }
        return Tree.object()
                .put("apiVersion", "v1")
                .put("kind", "PersistentVolumeClaim")
                .put(
                        "metadata",
                        Tree.object()
                                .put("name", request.workspace().orElseThrow())
                                .put("namespace", request.namespace())
                                .put("labels", Tree.texts(marks(start)))
                                .put(
                                        "annotations",
                                        Tree.object()
                                                .put(
                                                        Marks.TENANT,
                                                        start.instance().run().tenant())
                                                .put(Marks.WORKSPACE, nameOf(start))))
                .put("spec", spec)
                .json();
    }
}
