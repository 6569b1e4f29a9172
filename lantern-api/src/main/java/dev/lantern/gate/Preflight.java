package dev.lantern.gate;

import dev.lantern.spec.Isolation;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a place can prove for each isolation class, and what to fix: the gate's decision on the plainest agent of each.
 *
 * @param source who looked, and where
 * @param at when
 * @param decisions the gate's answer, by class, from {@code trusted} to {@code devcontainer}
 */
public record Preflight(String source, Instant at, Map<Isolation, Decision> decisions) {
    public Preflight {
        decisions = Collections.unmodifiableMap(new EnumMap<>(decisions));
    }

    /** The whole of it as lines for a person. */
    @Override
    public String toString() {
        StringBuilder page = new StringBuilder();
        page.append("What ").append(source).append(" can prove, at ").append(at).append('\n');
        decisions.forEach((isolation, decision) -> {
            page.append('\n').append(isolation.text()).append(": ");
            if (decision instanceof Decision.Refused refused) {
                page.append("refused\n");
                refused.violations()
                        .forEach(violation -> page.append("  - ")
                                .append(violation.found())
                                .append("\n    allowed: ")
                                .append(violation.allowed())
                                .append("\n    to do: ")
                                .append(violation.fix())
                                .append('\n'));
            } else {
                page.append("admitted\n");
                // The agents are made up; what they asked for is no news.
                decision.evidence().stream()
                        .filter(evidence -> !evidence.checkpoint().equals("spec"))
                        .forEach(evidence -> page.append("  - ")
                                .append(evidence.found())
                                .append(" (")
                                .append(evidence.source())
                                .append(")\n"));
            }
        });
        return page.toString();
    }
}
