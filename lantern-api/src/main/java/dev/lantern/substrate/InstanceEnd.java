package dev.lantern.substrate;

/** How an instance came to its end, as far as the substrate can tell. */
public sealed interface InstanceEnd {

    /** One line for a person. */
    String describe();

    /**
     * The agent's process ended by itself.
     *
     * @param code its exit code
     */
    record Exited(int code) implements InstanceEnd {
        @Override
        public String describe() {
            return "the agent exited with code " + code;
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
}
