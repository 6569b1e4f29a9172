package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.gate.BaselinePart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What was found of a baseline, to be held against it. One thread. */
final class Standing {
    private static final int SHOWN = 3;

    private final NamespaceBaseline baseline;
    private final Map<String, List<JsonObject>> objects = new TreeMap<>();

    Standing(NamespaceBaseline baseline) {
        this.baseline = baseline;
    }

    Standing with(String kind, JsonObject object) {
        objects.computeIfAbsent(kind, none -> new ArrayList<>()).add(object);
        return this;
    }

    Standing with(String kind, Optional<JsonObject> object) {
        object.ifPresent(found -> with(kind, found));
        return this;
    }

    Standing with(String kind, List<JsonObject> found) {
        found.forEach(object -> with(kind, object));
        return this;
    }

    /** How these parts of the baseline were found; the others were not looked for. */
    List<BaselinePart> parts(BaselineCheck.Part... parts) {
        List<BaselineCheck.Part> asked = List.of(parts);
        return BaselineCheck.check(baseline, objects).stream()
                .filter(finding -> asked.contains(finding.part()))
                .map(this::part)
                .toList();
    }

    private BaselinePart part(BaselineCheck.Finding finding) {
        String object = finding.part().objectName();
        String name = finding.part().kind() + " " + (object.isEmpty() ? baseline.namespace() : object);
        if (!finding.found()) {
            return BaselinePart.missing(name, file(finding.part()) + " has it");
        }
        return finding.holds() ? BaselinePart.present(name) : BaselinePart.changed(name, shown(finding.differences()));
    }

    private static String file(BaselineCheck.Part part) {
        return part.kind().startsWith("ValidatingAdmissionPolicy")
                ? "deploy/kubernetes/admission-policies.yaml"
                : "deploy/kubernetes/namespace.yaml";
    }

    private static String shown(List<Difference> differences) {
        List<String> lines = new ArrayList<>();
        differences.stream()
                .limit(SHOWN)
                .forEach(difference -> lines.add(difference.pointer() + ": expected " + difference.expected()
                        + ", found " + difference.found()));
        if (differences.size() > SHOWN) {
            lines.add((differences.size() - SHOWN) + " more");
        }
        return String.join("; ", lines);
    }
}
