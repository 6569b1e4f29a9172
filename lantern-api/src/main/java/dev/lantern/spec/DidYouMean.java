package dev.lantern.spec;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class DidYouMean {
    /** Names people bring from other formats, too far from ours for an edit distance. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("host", "pattern"),
            Map.entry("domain", "pattern"),
            Map.entry("cidr", "pattern"),
            Map.entry("methods", "http_methods"),
            Map.entry("port", "ports"),
            Map.entry("image", "image_digest"),
            Map.entry("digest", "image_digest"),
            Map.entry("cpu", "vcpu"),
            Map.entry("disk", "scratch_size"),
            Map.entry("class", "isolation"),
            Map.entry("uri", "secret_uri"),
            Map.entry("entrypoint", "command"),
            Map.entry("environment", "env"),
            Map.entry("egress", "egress_rules"),
            Map.entry("allowlist", "allowlist_domain"),
            Map.entry("network_policy", "network"));

    /** Fields of the same family that the runtime sets itself, so no spec can. */
    private static final Map<String, String> SET_ELSEWHERE = Map.of(
            "tenant_id", "leave it out: the tenant is named when the run is spawned, with tenant(…)",
            "run_id", "leave it out: the run is named when it is spawned, with runId(…)",
            "stdin_input", "leave it out: the input is given when the run is spawned, with input(…)");

    private static final int LONGEST = 64;

    private DidYouMean() {}

    /** A sentence for the reader of the message, or nothing when no word is near. */
    static String suggest(String found, List<String> known) {
        if (found.length() > LONGEST) {
            return "";
        }
        String elsewhere = SET_ELSEWHERE.get(found);
        return elsewhere != null
                ? elsewhere
                : nearest(found, known)
                        .map(word -> "did you mean \"" + word + "\"?")
                        .orElse("");
    }

    private static Optional<String> nearest(String found, List<String> known) {
        String other = OTHER_NAMES.get(found.toLowerCase(Locale.ROOT));
        if (other != null && known.contains(other)) {
            return Optional.of(other);
        }
        String folded = fold(found);
        String best = null;
        int bestDistance = Math.max(1, folded.length() / 3) + 1;
        for (String word : known) {
            int distance = distance(folded, fold(word));
            if (distance < bestDistance) {
                best = word;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** imageDigest, image-digest and IMAGE_DIGEST are the same slip. */
    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[_\\- ]", "");
    }

    /** Levenshtein, two rows. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
