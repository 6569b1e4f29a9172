package dev.lantern.testkit.sim;

import dev.lantern.core.event.RunEvent;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** One run that somebody will spawn: what it is, what its agent does, and when. */
record RunPlan(
        RunRef run, AgentSpec spec, Script script, Duration spawnedAt, boolean refused, List<SecretPlan> secrets) {
    private static final List<Isolation> ADMISSIBLE =
            List.of(Isolation.TRUSTED, Isolation.STANDARD, Isolation.UNTRUSTED);
    private static final String IMAGE = "registry.example/agent@sha256:" + "ab".repeat(32);

    static RunPlan draw(Dice dice, int number, List<SecretPlan> secrets) {
        boolean refused = dice.chance(0.05);
        AgentSpec.Builder spec = AgentSpec.builder("agent-" + number)
                .image(IMAGE)
                // No node has a virtual machine for what is hostile.
                .isolation(refused ? Isolation.HOSTILE : dice.pick(ADMISSIBLE));
        if (dice.chance(0.15)) {
            spec.limits(limits -> limits.maxTokens(dice.between(50, 400)));
        }
        if (dice.chance(0.1)) {
            spec.limits(limits -> limits.maxSteps(dice.between(1, 5)));
        }
        if (dice.chance(0.1)) {
            spec.limits(limits -> limits.timeout(Duration.ofSeconds(dice.between(3, 60))));
        }
        if (dice.chance(0.1)) {
            spec.limits(limits -> limits.maxCostUsd("0.0" + dice.between(1, 9)));
        }
        secrets.forEach(secret -> spec.secret(secret.ref()));
        return new RunPlan(
                new RunRef(dice.chance(0.5) ? "acme" : "umbrella", "run-" + number),
                spec.build(),
                Script.draw(dice),
                dice.millis(0, 15_000),
                refused,
                secrets);
    }

    /** Whether a secret is missing from the beginning: such a run's agent never starts. */
    boolean lacksSecret() {
        return secrets.stream().anyMatch(secret -> secret.fate() == SecretPlan.Fate.ABSENT);
    }

    byte[] input() {
        return ("input of " + run).getBytes(StandardCharsets.UTF_8);
    }

    /** What makes two spawns the same. */
    Digest request() {
        return Digest.sha256(spec.canonicalJson().getBytes(StandardCharsets.UTF_8), input());
    }

    RunEvent.RunCreated created(Opening input, Dice dice) {
        return new RunEvent.RunCreated(
                spec,
                spec.digest(),
                request(),
                input.commitment(),
                HexFormat.of().formatHex(dice.bytes(16)));
    }
}
