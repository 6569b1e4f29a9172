package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import java.util.Optional;

/**
 * What is held of a Job: all of it, small, because what an adopted instance's pod has to be follows from its template.
 *
 * @param instance whose it is; empty if nobody's of ours
 * @param namespace of the Job
 * @param name of the Job
 * @param uid of the Job
 * @param runtimeClass the class that its pod was admitted to; empty for none
 * @param dedicated whether no other pod may stand on its pod's node
 * @param job the Job
 */
record JobTrace(
        Optional<InstanceRef> instance,
        String namespace,
        String name,
        String uid,
        Optional<ClassId> runtimeClass,
        boolean dedicated,
        Packed job) {
    private static final Packed NOTHING = Packed.of(new JsonObject());

    static JobTrace read(View job, Whereabouts whereabouts) throws UnreadableException {
        View metadata = job.child("metadata");
        String name = metadata.text("name");
        Optional<InstanceRef> instance = whereabouts
                .instanceOf(job.object())
                .filter(ref -> whereabouts.of(ref).job().equals(name));
        return new JobTrace(
                instance,
                metadata.text("namespace"),
                name,
                metadata.text("uid"),
                runtimeClass(metadata),
                Isolation.HOSTILE.text().equals(metadata.textsByName("labels").get(Marks.ISOLATION)),
                instance.isEmpty() ? NOTHING : Packed.of(withoutManagedFields(job.object())));
    }

    /**
     * Names a RuntimeClass in one of its lives.
     *
     * @param name its name
     * @param uid its UID
     */
    record ClassId(String name, String uid) {}

    private static Optional<ClassId> runtimeClass(View metadata) throws UnreadableException {
        String name = metadata.textsByName("labels").getOrDefault(Marks.RUNTIME_CLASS, "");
        String uid = metadata.textsByName("annotations").getOrDefault(Marks.RUNTIME_CLASS_UID, "");
        return name.isEmpty() ? Optional.empty() : Optional.of(new ClassId(name, uid));
    }

    /** The whole Job, a tree of the caller's own. */
    JsonObject seen() {
        return job.tree();
    }

    private static JsonObject withoutManagedFields(JsonObject job) {
        JsonObject kept = new JsonObject();
        job.entrySet().forEach(member -> kept.add(member.getKey(), member.getValue()));
        JsonObject metadata = new JsonObject();
        job.getAsJsonObject("metadata").entrySet().forEach(member -> {
            if (!member.getKey().equals("managedFields")) {
                metadata.add(member.getKey(), member.getValue());
            }
        });
        kept.add("metadata", metadata);
        return kept;
    }
}
