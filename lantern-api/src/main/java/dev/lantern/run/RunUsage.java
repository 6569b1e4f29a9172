package dev.lantern.run;

import java.math.BigDecimal;

/**
 * What a run has used so far: a fold over its journal.
 *
 * @param steps completed steps
 * @param instances instances that were started
 * @param inputTokens all input tokens, cached ones included
 * @param outputTokens all output tokens, reasoning ones included
 * @param cachedTokens the part of the input that was read from a cache
 * @param reasoningTokens the part of the output that was reasoning
 * @param costUsd the sum of what providers said they charged; calls without a stated price add nothing
 */
public record RunUsage(
        int steps,
        int instances,
        long inputTokens,
        long outputTokens,
        long cachedTokens,
        long reasoningTokens,
        BigDecimal costUsd) {}
