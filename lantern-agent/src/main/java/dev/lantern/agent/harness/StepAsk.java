package dev.lantern.agent.harness;

import dev.lantern.agent.Effect;
import dev.lantern.value.Payload;
import java.util.Optional;

/**
 * An agent's wish to begin a step.
 *
 * @param name the step's name
 * @param key tells steps of one name apart; without it the harness counts occurrences
 * @param effect what running the body twice would do
 * @param input what the step works on; the same step with another input is refused
 * @param reserveTokens tokens counted against the run's limit now; 0 for none
 * @param retryToken the agent's own name for this very wish: the same token means the same wish, repeated
 */
public record StepAsk(
        String name,
        Optional<String> key,
        Effect effect,
        Optional<Payload> input,
        long reserveTokens,
        Optional<String> retryToken) {

    /** An unkeyed idempotent step without input. */
    public static StepAsk named(String name) {
        return new StepAsk(name, Optional.empty(), Effect.IDEMPOTENT, Optional.empty(), 0, Optional.empty());
    }
}
