package dev.lantern.gate;

import java.util.List;

/**
 * The NetworkPolicies of a namespace, as far as they concern agents' pods. That a network plug-in enforces them is
 * nothing the API can tell: it is probed from inside.
 *
 * @param baseline the policies that have to stand
 * @param widening other policies that select agents' pods and so allow more, one line each
 */
public record FenceFact(List<BaselinePart> baseline, List<String> widening) {
    public FenceFact {
        baseline = List.copyOf(baseline);
        widening = List.copyOf(widening);
    }
}
