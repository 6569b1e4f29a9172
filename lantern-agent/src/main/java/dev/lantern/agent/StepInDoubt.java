package dev.lantern.agent;

import java.util.Optional;

/**
 * A step that an earlier instance began, and of which nobody knows whether its effect took place.
 *
 * @param name the step's name
 * @param key its key, if it has one
 * @param occurrence which step of its name it is, from 1; 0 for a keyed one
 * @param effect what it declared
 * @param startedInEpoch the instance that began it
 * @param say the same in words that a model can act on
 */
public record StepInDoubt(
        String name, Optional<String> key, int occurrence, Effect effect, int startedInEpoch, String say) {

    /** {@code name#2}, or {@code name[key]}. */
    @Override
    public String toString() {
        return key.map(k -> name + "[" + k + "]").orElse(name + "#" + occurrence);
    }
}
