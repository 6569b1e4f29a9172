package dev.lantern.gate;

import java.util.List;

/** The gate's answer: a value, never an exception. */
public sealed interface Decision {

    /** What the gate looked at, in the order in which it looked. */
    List<Evidence> evidence();

    /** The spec may run there. */
    record Admitted(Placement placement, List<Evidence> evidence) implements Decision {
        public Admitted {
            evidence = List.copyOf(evidence);
        }
    }

    /** The spec must not run there; every reason is listed. */
    record Refused(List<Violation> violations, List<Evidence> evidence) implements Decision {
        public Refused {
            violations = List.copyOf(violations);
            evidence = List.copyOf(evidence);
            if (violations.isEmpty()) {
                throw new IllegalArgumentException("a refusal names at least one violation");
            }
        }
    }
}
