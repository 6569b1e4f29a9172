package dev.lantern.core.gate;

import dev.lantern.gate.BaselinePart;
import dev.lantern.gate.Fact;
import java.util.List;
import java.util.stream.Collectors;

/** Demands that every part of a baseline holds. */
final class Baseline {
    private final String code;
    private final String fix;
    private final Findings findings;

    /** @param fix what to do about a part that does not hold */
    Baseline(String code, String fix, Findings findings) {
        this.code = code;
        this.fix = fix;
        this.findings = findings;
    }

    /** The baseline of a namespace. */
    static Baseline ofNamespace(String code, Findings findings) {
        return new Baseline(
                code, "apply the shipped baseline to the namespace, and let nobody else change it", findings);
    }

    /** No parts at all are as bad as a missing one: then nothing was looked for. */
    void check(String what, List<BaselinePart> parts, Fact<?> fact) {
        List<BaselinePart> broken = parts.stream().filter(part -> !part.holds()).toList();
        for (BaselinePart part : broken) {
            boolean missing = part.state() == BaselinePart.State.MISSING;
            findings.violation(
                    code,
                    "spec.isolation",
                    what + ": " + part.name() + (missing ? " is missing" : " was changed") + detail(part) + " ("
                            + fact.source() + ")",
                    part.name() + " as shipped",
                    fix);
        }
        if (parts.isEmpty()) {
            findings.violation(code, "spec.isolation", what + ": nothing of the baseline", "the shipped baseline", fix);
        }
        if (broken.isEmpty() && !parts.isEmpty()) {
            findings.evidence(
                    Checkpoint.FACTS,
                    what + ": " + parts.stream().map(BaselinePart::name).collect(Collectors.joining(", ")),
                    fact.source(),
                    fact.at());
        }
    }

    private static String detail(BaselinePart part) {
        return part.detail().isEmpty() ? "" : ": " + part.detail();
    }
}
