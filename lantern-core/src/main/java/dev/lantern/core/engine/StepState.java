package dev.lantern.core.engine;

import dev.lantern.agent.Effect;
import dev.lantern.value.Commitment;
import java.util.Optional;

/** What the chain says about one step. */
sealed interface StepState {

    /** How many tries the journal knows of. */
    int attempts();

    /** Whether this attempt may be running: one whose begin is not durable is counted only when it fails. */
    default boolean mayFail(int attempt) {
        return false;
    }

    /**
     * Begun durably and not settled.
     *
     * @param epoch the instance that began it
     * @param seq the event that says so
     * @param failed whether its body threw, so that its effect is in doubt within the same instance
     */
    record Open(Effect effect, int epoch, long seq, int attempts, long reservedTokens, boolean failed)
            implements StepState {
        @Override
        public boolean mayFail(int attempt) {
            return !failed && (attempt == attempts || !effect.beginIsDurable() && attempt == attempts + 1);
        }

        Open doubted() {
            return new Open(effect, epoch, seq, attempts, reservedTokens, true);
        }
    }

    /**
     * Done.
     *
     * @param seq the event that holds the result's opening
     */
    record Done(long seq, Optional<Commitment> input, Commitment result, int attempts) implements StepState {}

    /** To be run again: its body threw, or it was resolved as not having happened. */
    record Again(int attempts) implements StepState {
        @Override
        public boolean mayFail(int attempt) {
            return attempt == attempts + 1;
        }
    }

    /** Resolved as having happened, though its result is not known; the agent completes it with what it found. */
    record Happened(Effect effect, int epoch, int attempts) implements StepState {}
}
