package dev.lantern.agent.harness;

import java.util.Optional;

/**
 * How an agent points at a step that it began.
 *
 * @param name the step's name
 * @param key its key, if it has one
 * @param occurrence its occurrence; 0 for the one that is open, or else the last one
 * @param stepKey the idempotency key that begin answered; where given, it alone decides which step is meant
 */
public record StepRef(String name, Optional<String> key, int occurrence, Optional<String> stepKey) {

    /** The open step of this name, or else the last one. */
    public static StepRef named(String name) {
        return new StepRef(name, Optional.empty(), 0, Optional.empty());
    }
}
