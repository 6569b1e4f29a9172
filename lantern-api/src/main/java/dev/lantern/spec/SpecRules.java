package dev.lantern.spec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The rules of lists, and those that hold between the values of a spec. */
final class SpecRules {
    /** The most items a list and the most members a map may have. */
    static final int MOST = 256;

    private static final Pattern SNAPSHOT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?");
    private static final SpecPath SPEC = SpecPath.of("spec");

    private SpecRules() {}

    static void command(List<String> words) {
        List<SpecProblem> problems = texts(SPEC.field("command"), words);
        if (!words.isEmpty() && words.get(0).isEmpty()) {
            problems.add(SpecProblem.of(SPEC.field("command").item(0), "an empty word", "the program to run", ""));
        }
        refuse("command", problems);
    }

    static void args(List<String> words) {
        refuse("args", texts(SPEC.field("args"), words));
    }

    static Optional<String> snapshotId(String id) {
        if (id.isEmpty()) {
            return Optional.empty();
        }
        if (id.length() > 128 || !SNAPSHOT.matcher(id).matches()) {
            refuse(
                    "restore_snapshot_id",
                    List.of(SpecProblem.of(
                            SPEC.field("restore_snapshot_id"),
                            Shown.quoted(id),
                            "nothing, or 1 to 128 of A-Z a-z 0-9 . _ - that begin and end with a letter or a digit",
                            "")));
        }
        return Optional.of(id);
    }

    static void regions(List<String> regions) {
        SpecPath path = SPEC.field("preferred_regions");
        List<SpecProblem> problems = tooMany(path, regions.size());
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < regions.size(); i++) {
            String region = regions.get(i);
            SpecPath at = path.item(i);
            collect(problems, () -> Labels.checkedName(at, region));
            if (!seen.add(region)) {
                problems.add(SpecProblem.of(at, Shown.quoted(region) + " again", "each region once", ""));
            }
        }
        refuse("preferred_regions", problems);
    }

    static List<SpecProblem> between(AgentSpec.Builder spec) {
        List<SpecProblem> problems = new ArrayList<>();
        if (spec.image() == null) {
            problems.add(SpecProblem.of(
                    SPEC.field("image_digest"), "nothing", "an image pinned by digest", "add image_digest"));
        }
        problems.addAll(tooMany(SPEC.field("egress_rules"), spec.egressRules().size()));
        problems.addAll(tooMany(SPEC.field("secrets"), spec.secrets().size()));
        problems.addAll(tooMany(SPEC.field("env"), spec.env().size()));
        problems.addAll(tooMany(SPEC.field("labels"), spec.labels().size()));
        problems.addAll(
                tooMany(SpecPath.of("metadata.labels"), spec.metadataLabels().size()));
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
            refuse(
                    spec.name(),
                    List.of(SpecProblem.of(
                            SpecPath.DOCUMENT,
                            "a canonical form of " + bytes + " bytes",
                            "at most " + AgentSpec.MAX_BYTES + " bytes",
                            "move large texts from args and env into the image or the input")));
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

    private static List<SpecProblem> texts(SpecPath path, List<String> words) {
        List<SpecProblem> problems = tooMany(path, words.size());
        for (int i = 0; i < words.size(); i++) {
            SpecPath at = path.item(i);
            String word = words.get(i);
            collect(problems, () -> FreeText.checked(at, word));
        }
        return problems;
    }

    private static void collect(List<SpecProblem> problems, Runnable rule) {
        try {
            rule.run();
        } catch (InvalidSpecException refused) {
            problems.addAll(refused.problems());
        }
    }

    private static List<SpecProblem> tooMany(SpecPath path, int size) {
        List<SpecProblem> problems = new ArrayList<>();
        if (size > MOST) {
            problems.add(SpecProblem.of(path, size + " entries", "at most " + MOST, ""));
        }
        return problems;
    }

    private static void refuse(String field, List<SpecProblem> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(field, problems);
        }
    }
}
