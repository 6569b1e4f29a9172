package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {
    private static final PodRequest REQUEST = Requests.all().get("trusted-runc");
    private static final Whereabouts WHEREABOUTS =
            new Whereabouts(REQUEST.key().installation(), TenantNamespaces.single(REQUEST.namespace()));

    @Test
    void job_and_pod_of_an_instance_are_its_own() {
        JsonObject job = JobTemplate.of(REQUEST);

        assertThat(WHEREABOUTS.instanceOf(job)).contains(REQUEST.key().instance());
        assertThat(WHEREABOUTS.instanceOf(JobTemplate.podOf(job)))
                .contains(REQUEST.key().instance());
        assertThat(WHEREABOUTS.of(REQUEST.key().instance()))
                .isEqualTo(
                        new Whereabouts.Place(REQUEST.namespace(), REQUEST.key().jobName()));
    }

    /** Whoever may label a pod must not pass it for an instance's. */
    @Test
    void object_whose_marks_disagree_is_nobodys() {
        List<Consumer<JsonObject>> forgeries = new ArrayList<>();
        for (String label : List.of(Marks.INSTALLATION, Marks.INSTANCE, Marks.EPOCH)) {
            forgeries.add(metadata -> metadata.getAsJsonObject("labels").remove(label));
            forgeries.add(metadata -> metadata.getAsJsonObject("labels").addProperty(label, "2"));
        }
        for (String annotation : List.of(Marks.TENANT, Marks.RUN)) {
            forgeries.add(metadata -> metadata.getAsJsonObject("annotations").remove(annotation));
            forgeries.add(metadata -> metadata.getAsJsonObject("annotations").addProperty(annotation, "other"));
            forgeries.add(metadata -> metadata.getAsJsonObject("annotations").addProperty(annotation, "../x y"));
        }
        forgeries.add(metadata -> metadata.getAsJsonObject("labels").addProperty(Marks.EPOCH, "-1"));
        forgeries.add(metadata -> metadata.getAsJsonObject("labels").addProperty(Marks.EPOCH, "99999999999"));
        forgeries.add(metadata -> metadata.addProperty("namespace", "elsewhere"));
        forgeries.add(metadata -> metadata.remove("labels"));
        for (Consumer<JsonObject> forgery : forgeries) {
            JsonObject forged = JobTemplate.of(REQUEST);
            forgery.accept(forged.getAsJsonObject("metadata"));

            assertThat(WHEREABOUTS.instanceOf(forged))
                    .as(forged.get("metadata").toString())
                    .isEmpty();
        }
        assertThat(forgeries).hasSizeGreaterThanOrEqualTo(16);
    }

    @Test
    void tenants_that_share_no_namespace_share_no_name() {
        Whereabouts apart = new Whereabouts(REQUEST.key().installation(), TenantNamespaces.prefixed("agents-"));

        Whereabouts.Place acme = apart.of(new InstanceRef(new RunRef("acme", "run"), 1));
        Whereabouts.Place other = apart.of(new InstanceRef(new RunRef("other", "run"), 1));

        assertThat(acme.namespace()).isEqualTo("agents-acme");
        assertThat(other.namespace()).isEqualTo("agents-other");
        assertThat(acme.job()).isNotEqualTo(other.job());
    }
}
