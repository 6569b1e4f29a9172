package dev.lantern.testkit.sim;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.StepId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a scripted agent does, the same in each of its instances.
 *
 * @param stages steps of one stage are open at the same time
 * @param ending how it ends once all stages are done
 * @param crashes how many of its first instances end by an error of the agent's own
 * @param ignoresTerm whether it must be killed
 * @param diverges whether later instances give steps other inputs than the first one did
 */
record Script(List<List<StepPlan>> stages, Ending ending, int crashes, boolean ignoresTerm, boolean diverges) {
    private static final String[] NAMES = {"plan", "fetch", "summarise", "pay", "mail"};

    enum Ending {
        OUTPUT,
        NOTHING,
        NEVER
    }

    static Script draw(Dice dice) {
        List<List<StepPlan>> stages = new ArrayList<>();
        Map<String, Integer> occurrences = new LinkedHashMap<>();
        int count = dice.between(1, 4);
        for (int stage = 0; stage < count; stage++) {
            stages.add(stage(dice, stage, occurrences));
        }
        Ending ending = dice.chance(0.75) ? Ending.OUTPUT : dice.chance(0.5) ? Ending.NOTHING : Ending.NEVER;
        int crashes = dice.chance(0.15) ? dice.between(1, 3) : 0;
        return new Script(stages, ending, crashes, dice.chance(0.1), dice.chance(0.05));
    }

    private static List<StepPlan> stage(Dice dice, int stage, Map<String, Integer> occurrences) {
        List<StepPlan> steps = new ArrayList<>();
        int width = dice.chance(0.6) ? 1 : dice.between(2, 3);
        int first = dice.below(NAMES.length);
        for (int i = 0; i < width; i++) {
            String name = NAMES[(first + i) % NAMES.length];
            StepId id = dice.chance(0.4)
                    ? StepId.keyed(name, "subject-" + stage + "-" + i)
                    : StepId.occurrence(name, occurrences.merge(name, 1, Integer::sum));
            steps.add(step(dice, id));
        }
        return steps;
    }

    private static StepPlan step(Dice dice, StepId id) {
        Effect effect = dice.pick(List.of(Effect.values()));
        Optional<byte[]> input =
                dice.chance(0.5) ? Optional.of(("input of " + id).getBytes(StandardCharsets.UTF_8)) : Optional.empty();
        return new StepPlan(
                id,
                effect,
                input,
                dice.chance(effect.beginIsDurable() ? 0.4 : 0.2) ? dice.between(1, 3) : 0,
                dice.chance(0.9) ? dice.millis(1, 800) : dice.millis(2_000, 9_000),
                dice.chance(0.03) ? 70_000 : 0,
                usage(dice),
                dice.chance(0.1) ? 50 : 0);
    }

    private static List<ModelUsage> usage(Dice dice) {
        List<ModelUsage> usage = new ArrayList<>();
        int count = dice.chance(0.5) ? 0 : dice.between(1, 2);
        for (int i = 0; i < count; i++) {
            usage.add(new ModelUsage(
                    "acme",
                    "model-" + i,
                    dice.between(0, 100),
                    dice.between(0, 50),
                    0,
                    0,
                    dice.chance(0.5) ? Optional.of(BigDecimal.valueOf(dice.between(0, 999), 4)) : Optional.empty()));
        }
        return usage;
    }
}
