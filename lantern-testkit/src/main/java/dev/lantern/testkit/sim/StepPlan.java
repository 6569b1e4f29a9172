package dev.lantern.testkit.sim;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.StepId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One step of a scripted agent.
 *
 * @param id the step as the journal will name it
 * @param input what it declares as its input
 * @param failures how many of its first attempts throw
 * @param body how long its body takes
 * @param resultBytes how long its result is at least
 */
record StepPlan(
        StepId id,
        Effect effect,
        Optional<byte[]> input,
        int failures,
        Duration body,
        int resultBytes,
        List<ModelUsage> usage,
        long reserveTokens) {}
