package dev.lantern.gate;

import java.util.List;

/**
 * The ValidatingAdmissionPolicy that refuses what a mutating webhook made of an agent's pod, and its binding.
 *
 * @param baseline the policies and bindings that have to stand for it to hold
 */
public record AdmissionFact(List<BaselinePart> baseline) {
    public AdmissionFact {
        baseline = List.copyOf(baseline);
    }

    /** Whether every part of it holds. */
    public boolean holds() {
        return !baseline.isEmpty() && baseline.stream().allMatch(BaselinePart::holds);
    }
}
