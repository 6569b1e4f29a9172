package dev.lantern.core.gate;

import dev.lantern.gate.Decision;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one decision has come upon so far. One thread, one decision. */
final class Findings {
    private final List<Violation> violations = new ArrayList<>();
    private final List<Evidence> evidence = new ArrayList<>();

    void violation(String code, String path, String found, String allowed, String fix) {
        violations.add(new Violation(code, path, found, allowed, fix));
    }

    void evidence(Checkpoint checkpoint, String found, String source, Instant at) {
        evidence.add(new Evidence(checkpoint.text(), found, source, at));
    }

    /** Admits only if there is a place and nothing speaks against it. */
    Decision decision(Optional<Placement> placement) {
        if (placement.isPresent() && violations.isEmpty()) {
            return new Decision.Admitted(placement.get(), evidence);
        }
        return new Decision.Refused(violations, evidence);
    }
}
