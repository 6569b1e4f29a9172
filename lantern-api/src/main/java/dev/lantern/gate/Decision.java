package dev.lantern.gate;

import java.util.List;

/** The gate's answer: a value, never an exception. */
public sealed interface Decision {

    /** The spec may run there. */
    record Admitted(Placement placement, List<Evidence> evidence) implements Decision {
        public Admitted {
            evidence = List.copyOf(evidence);
        }
    }

    /** The spec must not run there; every reason is listed. */
    record Refused(List<Violation> violations) implements Decision {
        public Refused {
            violations = List.copyOf(violations);
            if (violations.isEmpty()) {
                throw new IllegalArgumentException("a refusal names at least one violation");
            }
        }
    }
}
