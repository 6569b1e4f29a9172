package dev.lantern.k8s;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.lantern.spec.ImageRef;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The images that containers really run, against those that were admitted.
 *
 * <p>{@code imageID} has two forms: {@code repository@sha256:…} of an image that was pulled, the digest being the one it
 * was pulled by, and a bare {@code sha256:…}, the digest of the configuration, of one that was imported. The second
 * equals no manifest's digest, so it counts only if somebody who knows the image has said that it belongs to it. The
 * repository's name is not compared: the digest is the image, and a mirror has another name.
 */
final class RunningImages {

    /**
     * An image that a container was admitted with.
     *
     * @param reference what the template says
     * @param alsoKnownAs digests of the same image in its other forms: its platform's manifest, its configuration
     */
    record Admitted(ImageRef reference, List<Digest> alsoKnownAs) {
        Admitted {
            alsoKnownAs = List.copyOf(alsoKnownAs);
        }

        boolean is(Digest running) {
            return !reference.pinned()
                    || reference.digest().equals(Optional.of(running))
                    || alsoKnownAs.contains(running);
        }
    }

    private final Map<String, Admitted> admitted;

    /** @param admitted by the name of the container */
    RunningImages(Map<String, Admitted> admitted) {
        this.admitted = new LinkedHashMap<>(admitted);
    }

    /** The differences of a pod's status. A container that has not started yet runs nothing, and is none. */
    List<Difference> compare(JsonObject pod) {
        List<Difference> differences = new ArrayList<>();
        if (pod.get("status") instanceof JsonObject status) {
            for (String list : List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")) {
                if (status.get(list) instanceof JsonArray containers) {
                    compare(list, containers, differences);
                }
            }
        }
        return List.copyOf(differences);
    }

    private void compare(String list, JsonArray containers, List<Difference> differences) {
        for (int i = 0; i < containers.size(); i++) {
            String pointer = "/status/" + list + "/" + i;
            if (!(containers.get(i) instanceof JsonObject container)) {
                differences.add(new Difference(pointer, "a container's status", "something else", Drift.OTHER));
                continue;
            }
            String name = ExpectedJob.text(container, "name").orElse("");
            Admitted image = admitted.get(name);
            if (image == null) {
                Drift drift = list.startsWith("ephemeral") ? Drift.EPHEMERAL_CONTAINER : Drift.CONTAINERS;
                differences.add(new Difference(pointer, "nothing", "one named " + Shown.quoted(name), drift));
            } else if (hasStarted(container) && !runs(image, container)) {
                differences.add(new Difference(
                        pointer + "/imageID",
                        expected(image),
                        Shown.quoted(ExpectedJob.text(container, "imageID").orElse("")),
                        Drift.IMAGE));
            }
        }
    }

    private static String expected(Admitted image) {
        String others = image.alsoKnownAs().isEmpty() ? "" : " or one of " + image.alsoKnownAs();
        return Shown.quoted(image.reference().toString()) + others;
    }

    /** Running or ended; also with an id but no state that we know of, because then something was started. */
    private static boolean hasStarted(JsonObject container) {
        boolean waiting =
                container.get("state") instanceof JsonObject state && state.has("waiting") && state.size() == 1;
        boolean never = !container.has("lastState")
                || !(container.get("lastState") instanceof JsonObject last)
                || last.isEmpty();
        return !(waiting
                && never
                && ExpectedJob.text(container, "containerID").orElse("").isEmpty());
    }

    private static boolean runs(Admitted image, JsonObject container) {
        return digest(container.get("imageID")).map(image::is).orElse(false);
    }

    /** The digest in either form of an {@code imageID}; empty for any other text. */
    static Optional<Digest> digest(JsonElement reported) {
        if (reported == null || !reported.isJsonPrimitive()) {
            return Optional.empty();
        }
        String text = reported.getAsString();
        String digest = text.substring(text.lastIndexOf('@') + 1).replaceFirst("^[a-z-]+://", "");
        try {
            return digest.startsWith("sha256:")
                    ? Optional.of(Digest.ofHex(digest.substring("sha256:".length())))
                    : Optional.empty();
        } catch (LanternException notHex) {
            return Optional.empty();
        }
    }
}
