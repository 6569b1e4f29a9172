package dev.lantern.substrate;

import dev.lantern.gate.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** How an instance came to its end, as far as the substrate can tell. */
public sealed interface InstanceEnd {

    /** One line for a person. */
    String describe();

    /**
     * The agent's process ended by itself, or by what it took: charged to the agent.
     *
     * @param code its exit code
     * @param describe one line for a person
     */
    record Exited(int code, String describe) implements InstanceEnd {
        /** Of which no more is known than its code. */
        public Exited(int code) {
            this(code, "the agent exited with code " + code);
        }
    }

    /**
     * It never came to run.
     *
     * @param cause why
     * @param forGood whether trying again is pointless
     */
    record StartFailed(String cause, boolean forGood) implements InstanceEnd {
        @Override
        public String describe() {
            return "the instance did not start: " + cause;
        }
    }

    /** The infrastructure took it away: killed from outside, node gone, evicted. */
    record Lost(String cause) implements InstanceEnd {
        @Override
        public String describe() {
            return cause;
        }
    }

    /**
     * Its boundary, or its fence, is not what the gate admitted: it was ended for that, and its agent runs no more.
     *
     * @param checkpoint where that was seen, as in {@link Verified}; {@code drift} while it ran
     * @param violations what was found, at least one
     */
    record Violated(String checkpoint, List<Violation> violations) implements InstanceEnd {
        /** The checkpoint that lasts as long as the instance. */
        public static final String DRIFT = "drift";

        public Violated {
            violations = List.copyOf(violations);
            if (violations.isEmpty()) {
                throw new IllegalArgumentException("a violated boundary has at least one violation");
            }
        }

        @Override
        public String describe() {
            return "the boundary was not what was admitted (" + checkpoint + "): "
                    + violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
        }
    }
}
