package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ExpectedJobTest {
    private static final JsonObject TEMPLATE = JobTemplate.of(Requests.untrusted());
    private static final ExpectedJob EXPECTED = new ExpectedJob(TEMPLATE);

    @Test
    void job_that_nobody_touched_has_no_difference() {
        for (PodRequest request : Requests.all().values()) {
            JsonObject template = JobTemplate.of(request);

            assertThat(new ExpectedJob(template).compare(Persisted.job(template)))
                    .isEmpty();
            assertThat(new ExpectedJob(template).compareFound(Persisted.job(template)))
                    .isEmpty();
        }
    }

    @Test
    void older_servers_write_a_null_date_into_the_template() {
        JsonObject job = Persisted.job(TEMPLATE);
        template(job).getAsJsonObject("metadata").add("creationTimestamp", JsonNull.INSTANCE);

        assertThat(EXPECTED.compare(job)).isEmpty();
    }

    @Test
    void every_change_of_a_job_is_found() {
        Map<String, Consumer<JsonObject>> changes = new LinkedHashMap<>();
        changes.put("tries again", job -> spec(job).addProperty("backoffLimit", 6));
        changes.put("several pods", job -> spec(job).addProperty("parallelism", 2));
        changes.put("no deadline", job -> spec(job).remove("activeDeadlineSeconds"));
        changes.put("kept for ever", job -> spec(job).remove("ttlSecondsAfterFinished"));
        changes.put(
                "replaced while it runs", job -> spec(job).addProperty("podReplacementPolicy", "TerminatingOrFailed"));
        changes.put("suspended", job -> spec(job).addProperty("suspend", true));
        changes.put("its own selector", job -> spec(job).addProperty("manualSelector", true));
        changes.put("another selector", job -> spec(job).add("selector", Persisted.json("{\"matchLabels\":{}}")));
        changes.put("no selector", job -> spec(job).remove("selector"));
        changes.put("managed by another controller", job -> spec(job).addProperty("managedBy", "x.example/y"));
        changes.put("policy for failures", job -> spec(job).add("podFailurePolicy", new JsonObject()));
        changes.put("class stripped", job -> podSpec(job).remove("runtimeClassName"));
        changes.put("gate stripped", job -> podSpec(job).remove("schedulingGates"));
        changes.put(
                "sidecar", job -> podSpec(job).getAsJsonArray("containers").add(Persisted.json("{\"name\":\"x\"}")));
        changes.put(
                "sandbox annotation",
                job -> template(job)
                        .getAsJsonObject("metadata")
                        .getAsJsonObject("annotations")
                        .addProperty("dev.gvisor.flag.debug", "true"));
        changes.put(
                "owner",
                job -> job.getAsJsonObject("metadata")
                        .add("ownerReferences", Tree.array(Tree.object().put("kind", "CronJob"))));
        changes.put(
                "finalizer",
                job -> job.getAsJsonObject("metadata")
                        .add("finalizers", Tree.strings("batch.kubernetes.io/job-tracking")));
        changes.put(
                "being deleted",
                job -> job.getAsJsonObject("metadata").addProperty("deletionTimestamp", "2026-01-01T00:00:00Z"));
        changes.put("unknown field", job -> spec(job).addProperty("unheardOf", 1));
        changes.put(
                "a pod's date where a Job's template has null",
                job -> template(job)
                        .getAsJsonObject("metadata")
                        .addProperty("creationTimestamp", "2026-01-01T00:00:00Z"));
        changes.put(
                "former label of another Job",
                job -> template(job)
                        .getAsJsonObject("metadata")
                        .getAsJsonObject("labels")
                        .addProperty("job-name", "other"));

        changes.forEach((name, change) -> {
            JsonObject job = Persisted.job(TEMPLATE);
            change.accept(job);
            assertThat(EXPECTED.compare(job)).as(name).hasSize(1);
            assertThat(EXPECTED.compareFound(job)).as(name).hasSize(1);
        });
    }

    @Test
    void differences_inside_the_template_mean_what_they_mean_in_a_pod() {
        JsonObject job = Persisted.job(TEMPLATE);
        podSpec(job).remove("runtimeClassName");
        podSpec(job).addProperty("hostNetwork", true);

        assertThat(EXPECTED.compare(job))
                .extracting(Difference::toString)
                .containsExactly(
                        "/spec/template/spec/runtimeClassName: expected \"lantern-gvisor\", found nothing: another"
                                + " boundary than the one that was admitted",
                        "/spec/template/spec/hostNetwork: expected nothing, found \"true\": another way into the"
                                + " network");
    }

    @Test
    void job_of_another_installation_spec_or_template_is_only_called_that() {
        for (List<String> mark : List.of(
                List.of("labels", Marks.INSTALLATION),
                List.of("annotations", Marks.SPEC_DIGEST),
                List.of("annotations", Marks.TEMPLATE))) {
            JsonObject job = Persisted.job(TEMPLATE);
            spec(job).addProperty("backoffLimit", 6);
            JsonObject marks = job.getAsJsonObject("metadata").getAsJsonObject(mark.get(0));

            marks.addProperty(mark.get(1), "another-one");
            assertThat(EXPECTED.compareFound(job)).singleElement().satisfies(difference -> {
                assertThat(difference.pointer())
                        .isEqualTo(
                                "/metadata/" + mark.get(0) + "/" + mark.get(1).replace("/", "~1"));
                assertThat(difference.found()).isEqualTo("\"another-one\"");
                assertThat(difference.drift()).isEqualTo(Drift.IDENTITY);
            });

            marks.remove(mark.get(1));
            assertThat(EXPECTED.compareFound(job))
                    .singleElement()
                    .satisfies(difference -> assertThat(difference.found()).isEqualTo("nothing"));
        }
    }

    @Test
    void answer_that_is_no_job_at_all_is_full_of_differences() {
        assertThat(EXPECTED.compare(new JsonObject())).isNotEmpty();
        assertThat(EXPECTED.compareFound(Persisted.json("{\"metadata\":[]}"))).hasSize(3);
    }

    private static JsonObject spec(JsonObject job) {
        return job.getAsJsonObject("spec");
    }

    private static JsonObject template(JsonObject job) {
        return spec(job).getAsJsonObject("template");
    }

    private static JsonObject podSpec(JsonObject job) {
        return template(job).getAsJsonObject("spec");
    }
}
