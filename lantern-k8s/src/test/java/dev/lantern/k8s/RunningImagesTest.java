package dev.lantern.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.lantern.spec.ImageRef;
import dev.lantern.value.Digest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningImagesTest {
    private static final String PINNED = "3".repeat(64);
    private static final String CONFIG = "c".repeat(64);
    private static final RunningImages IMAGES = new RunningImages(Map.of(
            "agent",
            new RunningImages.Admitted(
                    ImageRef.parse("registry.example.com/agent@sha256:" + PINNED), List.of(Digest.ofHex(CONFIG)))));

    @Test
    void both_forms_of_the_admitted_image_are_known() {
        assertThat(List.of(
                        "registry.example.com/agent@sha256:" + PINNED,
                        "mirror.example.com/other-name@sha256:" + PINNED,
                        "docker-pullable://registry.example.com/agent@sha256:" + PINNED,
                        "sha256:" + CONFIG,
                        "docker://sha256:" + CONFIG,
                        "sha256:" + PINNED))
                .allSatisfy(
                        id -> assertThat(IMAGES.compare(running("agent", id))).isEmpty());
    }

    @Test
    void any_other_image_is_a_difference() {
        assertThat(List.of(
                        "registry.example.com/agent@sha256:" + "4".repeat(64),
                        "sha256:" + "4".repeat(64),
                        "registry.example.com/agent:latest",
                        "sha256:" + PINNED.substring(1),
                        "sha512:" + PINNED,
                        "@sha256:",
                        ""))
                .allSatisfy(id -> assertThat(IMAGES.compare(running("agent", id)))
                        .singleElement()
                        .satisfies(difference -> {
                            assertThat(difference.pointer()).isEqualTo("/status/containerStatuses/0/imageID");
                            assertThat(difference.drift()).isEqualTo(Drift.IMAGE);
                            assertThat(difference.expected())
                                    .isEqualTo("\"registry.example.com/agent@sha256:" + PINNED + "\" or one of [sha256:"
                                            + CONFIG + "]");
                            assertThat(difference.found()).isEqualTo("\"" + id + "\"");
                        }));
    }

    @Test
    void container_that_ran_without_an_image_id_is_a_difference() {
        JsonObject pod = running("agent", "x");
        status(pod).remove("imageID");

        assertThat(IMAGES.compare(pod)).hasSize(1);
    }

    @Test
    void container_that_waits_to_start_runs_nothing() {
        JsonObject pod = running("agent", "");
        status(pod).add("state", Persisted.json("{\"waiting\":{\"reason\":\"PodInitializing\"}}"));

        assertThat(IMAGES.compare(pod)).isEmpty();

        status(pod).add("lastState", Persisted.json("{\"terminated\":{\"exitCode\":1}}"));
        assertThat(IMAGES.compare(pod)).as("it has run before").hasSize(1);
    }

    @Test
    void container_that_nobody_admitted_is_a_difference() {
        assertThat(IMAGES.compare(running("sidecar", "sha256:" + PINNED)))
                .singleElement()
                .hasToString("/status/containerStatuses/0: expected nothing, found one named \"sidecar\": other"
                        + " containers than the harness and the agent");

        JsonObject pod = Persisted.json(
                "{\"status\":{\"ephemeralContainerStatuses\":[{\"name\":\"debugger\",\"state\":{\"running\":{}}}]}}");
        assertThat(IMAGES.compare(pod))
                .singleElement()
                .satisfies(difference -> assertThat(difference.drift()).isEqualTo(Drift.EPHEMERAL_CONTAINER));
    }

    @Test
    void image_by_tag_is_whatever_runs_but_something_must() {
        RunningImages byTag = new RunningImages(Map.of(
                "agent", new RunningImages.Admitted(ImageRef.parse("registry.example.com/agent:dev"), List.of())));

        assertThat(byTag.compare(running("agent", "sha256:" + "4".repeat(64)))).isEmpty();
        assertThat(byTag.compare(running("agent", ""))).hasSize(1);
    }

    @Test
    void pod_without_a_status_runs_nothing() {
        assertThat(IMAGES.compare(new JsonObject())).isEmpty();
        assertThat(IMAGES.compare(Persisted.json("{\"status\":{\"containerStatuses\":[\"?\"]}}")))
                .hasSize(1);
    }

    private static JsonObject running(String container, String imageId) {
        return Persisted.json("{\"status\":{\"containerStatuses\":[{\"name\":\"" + container + "\",\"imageID\":\""
                + imageId + "\",\"state\":{\"running\":{\"startedAt\":\"2026-01-01T00:00:00Z\"}},\"lastState\":{}}]}}");
    }

    private static JsonObject status(JsonObject pod) {
        return pod.getAsJsonObject("status")
                .getAsJsonArray("containerStatuses")
                .get(0)
                .getAsJsonObject();
    }
}
