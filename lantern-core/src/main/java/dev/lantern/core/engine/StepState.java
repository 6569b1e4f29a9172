package dev.lantern.core.engine;

import dev.lantern.agent.Effect;
import dev.lantern.value.Commitment;
import java.util.Optional;

/** What the chain says about one step. */
sealed interface StepState {

    /** How many tries the journal knows of. */
    int attempts();

    /** The newest durable begin, whose input every later one must have; empty if there was none. */
    Optional<Begun> begun();

    /** Whether this attempt may be running: one whose begin is not durable is counted only when it fails. */
    default boolean mayFail(int attempt) {
        return false;
    }

    /**
     * A durable begin.
     *
     * @param seq the event that says so; the input's salt stands beside it
     * @param input the commitment to the step's input
     */
    record Begun(long seq, Optional<Commitment> input) {}

    /**
     * Begun durably and not settled.
     *
     * @param epoch the instance that began it
     * @param failed whether its body threw, so that its effect is in doubt within the same instance
     */
    record Open(Effect effect, int epoch, Begun begin, int attempts, long reservedTokens, boolean failed)
            implements StepState {
        @Override
        public Optional<Begun> begun() {
            return Optional.of(begin);
        }

        @Override
        public boolean mayFail(int attempt) {
            return !failed && (attempt == attempts || !effect.beginIsDurable() && attempt == attempts + 1);
        }

        /**
         * Whether nobody knows if its effect took place.
         *
         * @param newest the run's epoch
         */
        boolean inDoubt(int newest) {
            return effect.beginIsDurable() && (failed || epoch < newest);
        }

        Open doubted() {
            return new Open(effect, epoch, begin, attempts, reservedTokens, true);
        }
    }

    /**
     * Done.
     *
     * @param seq the event that holds the result's opening
     */
    record Done(long seq, Optional<Commitment> input, Commitment result, int attempts) implements StepState {
        @Override
        public Optional<Begun> begun() {
            return Optional.of(new Begun(seq, input));
        }
    }

    /** To be run again: its body threw, or it was resolved as not having happened. */
    record Again(int attempts, Optional<Begun> begun) implements StepState {
        static final Again NEVER_BEGUN = new Again(0, Optional.empty());

        @Override
        public boolean mayFail(int attempt) {
            return attempt == attempts + 1;
        }
    }

    /** Resolved as having happened, though its result is not known; the agent completes it with what it found. */
    record Happened(Effect effect, int epoch, Begun begin, int attempts) implements StepState {
        @Override
        public Optional<Begun> begun() {
            return Optional.of(begin);
        }
    }
}
