package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.Optional;

/**
 * Where an instance's objects are, and whose an object is. Both follow from the installation, the tenant, the run and the
 * epoch alone, so no host has to remember what it started.
 *
 * @param installation whose instances these are
 * @param namespaces where a tenant's agents run
 */
record Whereabouts(String installation, TenantNamespaces namespaces) {

    /**
     * Where an instance is.
     *
     * @param namespace of its Job and its pod
     * @param job the name of its Job
     */
    record Place(String namespace, String job) {}

    /** Where this instance is, or would be. */
    Place of(InstanceRef instance) {
        return new Place(
                namespaces.namespaceOf(instance.run().tenant()), new InstanceKey(installation, instance).jobName());
    }

    /**
     * Whose Job or pod this is. Its marks must say the same as its name and its namespace, which they determine: what
     * somebody labelled as another instance's is nobody's.
     *
     * @param object a Job or a pod of one, as the API server has it
     * @return empty if it is none of this installation's instances
     */
    Optional<InstanceRef> instanceOf(JsonObject object) {
        Optional<String> tenant = ExpectedJob.text(object, "metadata", "annotations", Marks.TENANT);
        Optional<String> run = ExpectedJob.text(object, "metadata", "annotations", Marks.RUN);
        Optional<String> epoch = ExpectedJob.text(object, "metadata", "labels", Marks.EPOCH);
        if (tenant.isEmpty() || run.isEmpty() || epoch.isEmpty()) {
            return Optional.empty();
        }
        try {
            InstanceRef instance = new InstanceRef(new RunRef(tenant.get(), run.get()), Integer.parseInt(epoch.get()));
            return isAt(of(instance), object) ? Optional.of(instance) : Optional.empty();
        } catch (NumberFormatException | LanternException notOurs) {
            return Optional.empty();
        }
    }

    private boolean isAt(Place place, JsonObject object) {
        return ExpectedJob.text(object, "metadata", "labels", Marks.INSTALLATION)
                        .equals(Optional.of(installation))
                && ExpectedJob.text(object, "metadata", "labels", Marks.INSTANCE)
                        .equals(Optional.of(place.job()))
                && ExpectedJob.text(object, "metadata", "namespace").equals(Optional.of(place.namespace()));
    }
}
