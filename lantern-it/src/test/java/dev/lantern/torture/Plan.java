package dev.lantern.torture;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.StepId;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What one run's agent does; follows from seed and number alone.
 *
 * @param patient whether it works until somebody cancels it, and delivers nothing
 */
record Plan(RunRef run, List<Step> steps, boolean patient) {
    private static final String PREFIX = "run-";
    private static final Effect[] EFFECTS = {
        Effect.IDEMPOTENT, Effect.IDEMPOTENT, Effect.PURE, Effect.AT_MOST_ONCE, Effect.PROBE
    };

    /**
     * @param body how long its body takes
     * @param padding how many bytes its result has beside its text
     */
    record Step(String name, Effect effect, Duration body, int padding) {
        StepId id() {
            return StepId.occurrence(name, 1);
        }
    }

    static Plan of(long seed, int number) {
        // Its neighbours' dice fall otherwise, which those of java.util.Random do not.
        SplittableRandom dice = new SplittableRandom(seed * 1_000_003 + number);
        List<Step> steps = new ArrayList<>();
        int count = 2 + dice.nextInt(4);
        for (int i = 1; i <= count; i++) {
            Effect effect = EFFECTS[dice.nextInt(EFFECTS.length)];
            // Above 64 KiB a result is stored before its event, in a statement of its own.
            int padding = dice.nextInt(40) == 0 ? 70_000 : 0;
            steps.add(new Step("step-" + i, effect, Duration.ofMillis(20 + dice.nextInt(200)), padding));
        }
        String tenant = dice.nextBoolean() ? "acme" : "umbrella";
        return new Plan(new RunRef(tenant, PREFIX + number), List.copyOf(steps), dice.nextInt(8) == 0);
    }

    /** The plan behind the name of a run. */
    static Plan of(long seed, RunRef run) {
        return of(seed, Integer.parseInt(run.run().substring(PREFIX.length())));
    }

    static AgentSpec spec() {
        return AgentSpec.builder("tortured")
                .image("lantern/tortured@sha256:" + "0".repeat(63) + "1")
                .isolation(Isolation.TRUSTED)
                .command(List.of("tortured"))
                .build();
    }

    static String input(RunRef run) {
        return "input of " + run;
    }

    /** The output that follows from the results of all steps, in order. */
    static byte[] output(List<byte[]> results) {
        StringBuilder text = new StringBuilder();
        for (byte[] result : results) {
            text.append(dev.lantern.value.Digest.sha256(result).hex()).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
