package dev.lantern.agent;

import dev.lantern.value.LanternException;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What one model call used, in the terms of the OpenTelemetry GenAI conventions.
 *
 * @param provider who was paid, such as {@code anthropic}
 * @param model the model's name as the provider bills it
 * @param inputTokens all input tokens, cached ones included
 * @param outputTokens all output tokens, reasoning ones included
 * @param cachedTokens the part of the input that was read from a cache
 * @param reasoningTokens the part of the output that was reasoning
 * @param costUsd what the provider itself charged, if it said so; exact decimal
 */
public record ModelUsage(
        String provider,
        String model,
        long inputTokens,
        long outputTokens,
        long cachedTokens,
        long reasoningTokens,
        Optional<BigDecimal> costUsd) {

    private static final int MAX_NAME = 256;
    /** On either side of the point, so that sums stay exact and small. */
    private static final int MAX_DIGITS = 18;

    /**
     * @throws LanternException if a name is empty, longer than 256 characters or unprintable, a count is negative, a
     *     part exceeds its whole, or the cost is negative or has more than 18 digits on either side of the point
     */
    public ModelUsage {
        checkName("provider", provider);
        checkName("model", model);
        if (inputTokens < 0 || outputTokens < 0 || cachedTokens < 0 || reasoningTokens < 0) {
            throw new LanternException("usage of " + provider + "/" + model + " has a negative count");
        }
        if (cachedTokens > inputTokens || reasoningTokens > outputTokens) {
            throw new LanternException(
                    "usage of " + provider + "/" + model
                            + ": cached tokens are part of the input and reasoning tokens part of the output, and a part exceeds its whole");
        }
        costUsd = costUsd.map(BigDecimal::stripTrailingZeros);
        if (costUsd.isPresent() && costUsd.get().signum() < 0) {
            throw new LanternException("usage of " + provider + "/" + model + " has a negative cost");
        }
        if (costUsd.isPresent() && !isModest(costUsd.get())) {
            throw new LanternException("usage of " + provider + "/" + model + " has a cost with more than " + MAX_DIGITS
                    + " digits on one side of the point");
        }
    }

    /** Input and output tokens, without a cost. */
    public static ModelUsage of(String provider, String model, long inputTokens, long outputTokens) {
        return new ModelUsage(provider, model, inputTokens, outputTokens, 0, 0, Optional.empty());
    }

    /** Input plus output: what {@code max_tokens} counts. */
    public long totalTokens() {
        return inputTokens + outputTokens;
    }

    private static boolean isModest(BigDecimal amount) {
        return amount.scale() <= MAX_DIGITS && (long) amount.precision() - amount.scale() <= MAX_DIGITS;
    }

    private static void checkName(String what, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new LanternException("usage names its " + what + " in 1 to " + MAX_NAME
                    + " printable characters, found " + name.length() + " characters");
        }
    }
}
