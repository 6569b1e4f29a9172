package dev.lantern.spec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The rules of lists, and those that hold between the values of a spec. */
final class SpecRules {
    /** The most items a list and the most members a map may have. */
    static final int MOST = 256;

    private static final Pattern SNAPSHOT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?");
    private static final SpecPath SPEC = SpecPath.of("spec");

    private SpecRules() {}

    static void texts(SpecPath path, List<String> words) {
        most(path, words.size()).ifPresent(problem -> refuse(problem));
        for (int i = 0; i < words.size(); i++) {
            FreeText.checked(path.item(i), words.get(i));
        }
    }

    static void firstWord(List<String> command) {
        if (!command.isEmpty() && command.get(0).isEmpty()) {
            refuse(SpecProblem.of(SPEC.field("command").item(0), "an empty word", "the program to run", ""));
        }
    }

    static Optional<String> snapshotId(String id) {
        if (id.isEmpty()) {
            return Optional.empty();
        }
        if (id.length() > 128 || !SNAPSHOT.matcher(id).matches()) {
            refuse(SpecProblem.of(
                    SPEC.field("restore_snapshot_id"),
                    Shown.quoted(id),
                    "nothing, or 1 to 128 of A-Z a-z 0-9 . _ - that begin and end with a letter or a digit",
                    ""));
        }
        return Optional.of(id);
    }

    static void regions(List<String> regions) {
        SpecPath path = SPEC.field("preferred_regions");
        most(path, regions.size()).ifPresent(problem -> refuse(problem));
        TreeSet<String> seen = new TreeSet<>();
        for (int i = 0; i < regions.size(); i++) {
            String region = Labels.checkedName(path.item(i), regions.get(i));
            if (!seen.add(region)) {
                refuse(SpecProblem.of(path.item(i), Shown.quoted(region) + " again", "each region once", ""));
            }
        }
    }

    static List<SpecProblem> between(AgentSpec.Builder spec) {
        List<SpecProblem> problems = new ArrayList<>();
        if (spec.image() == null) {
            problems.add(SpecProblem.of(
                    SPEC.field("image_digest"), "nothing", "an image pinned by digest", "add image_digest"));
        }
        most(SPEC.field("egress_rules"), spec.egressRules().size()).ifPresent(problems::add);
        most(SPEC.field("secrets"), spec.secrets().size()).ifPresent(problems::add);
        most(SPEC.field("env"), spec.env().size()).ifPresent(problems::add);
        most(SPEC.field("labels"), spec.labels().size()).ifPresent(problems::add);
        most(SpecPath.of("metadata.labels"), spec.metadataLabels().size()).ifPresent(problems::add);
        secretNames(spec, problems);
        labelsAgree(spec, problems);
        if (spec.network() == NetworkMode.NONE && !spec.egressRules().isEmpty()) {
            problems.add(SpecProblem.of(
                    SPEC.field("egress_rules"),
                    spec.egressRules().size() + " rules beside network: none",
                    "rules beside allowlist_domain, tenant_vpc or open",
                    "remove the rules, or set network: allowlist_domain"));
        }
        return problems;
    }

    /** The canonical form is stored, hashed and read back; it has the same bound as the document. */
    static void size(AgentSpec spec) {
        int bytes = spec.canonicalJson().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > AgentSpec.MAX_BYTES) {
            refuse(SpecProblem.of(
                    SpecPath.DOCUMENT,
                    "a canonical form of " + bytes + " bytes",
                    "at most " + AgentSpec.MAX_BYTES + " bytes",
                    "move large texts from args and env into the image or the input"));
        }
    }

    private static void secretNames(AgentSpec.Builder spec, List<SpecProblem> problems) {
        Map<String, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < spec.secrets().size(); i++) {
            String name = spec.secrets().get(i).envName();
            Integer before = first.putIfAbsent(name, i);
            if (before != null) {
                problems.add(SpecProblem.of(
                        SPEC.field("secrets").item(i).field("env_name"),
                        Shown.quoted(name) + ", which is also the name of spec.secrets[" + before + "]",
                        "each name once",
                        ""));
            }
        }
        for (String name : spec.env().keySet()) {
            if (first.containsKey(name)) {
                problems.add(SpecProblem.of(
                        SPEC.field("env").field(name),
                        "the name of the secret spec.secrets[" + first.get(name) + "]",
                        "names that no secret has",
                        "remove it here: the agent reads the secret from its file"));
            }
        }
    }

    /** Both kinds of labels end on the same objects, where a key has one value. */
    private static void labelsAgree(AgentSpec.Builder spec, List<SpecProblem> problems) {
        spec.labels().forEach((key, value) -> {
            String other = spec.metadataLabels().get(key);
            if (other != null && !other.equals(value)) {
                problems.add(SpecProblem.of(
                        SPEC.field("labels").field(key),
                        Shown.quoted(value),
                        Shown.quoted(other) + ", as metadata.labels says",
                        "remove one of the two"));
            }
        });
    }

    private static Optional<SpecProblem> most(SpecPath path, int size) {
        return size <= MOST
                ? Optional.empty()
                : Optional.of(SpecProblem.of(path, size + " entries", "at most " + MOST, ""));
    }

    private static void refuse(SpecProblem problem) {
        throw new InvalidSpecException(problem.path().toString(), List.of(problem));
    }
}
