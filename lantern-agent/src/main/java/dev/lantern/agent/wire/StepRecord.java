package dev.lantern.agent.wire;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What the harness signs when a step completes. It holds commitments, never payload bytes or unsalted digests,
 * and stands in the step's event exactly as signed.
 *
 * @param run the run
 * @param epoch the instance that did the work
 * @param step the step
 * @param effect what the step declared
 * @param input the commitment to the step's input, if it declared one
 * @param result the commitment to its result
 * @param usage what it used, in the order in which it was reported
 */
public record StepRecord(
        RunRef run,
        int epoch,
        StepId step,
        Effect effect,
        Optional<Commitment> input,
        Commitment result,
        List<ModelUsage> usage) {

    /** Keeps a signature over a step record from being one over anything else. */
    private static final String DOMAIN = "lantern/step-record/v1\n";

    /** @throws LanternException if the epoch is not that of an instance */
    public StepRecord {
        requireInstance(run, epoch);
        usage = List.copyOf(usage);
    }

    public Json.Obj json() {
        return Json.object()
                .put("tenant", run.tenant())
                .put("run", run.run())
                .put("epoch", epoch)
                .put("step", step.json())
                .put("effect", effect.wireName())
                .put("input", input.map(Commitment::hex))
                .put("result", result.hex())
                .put("usage", UsageJson.list(usage))
                .build();
    }

    /** @throws LanternException if the object is not what {@link #json} makes */
    public static StepRecord of(Json.Obj json) {
        json.requireOnly("effect", "epoch", "input", "result", "run", "step", "tenant", "usage");
        return new StepRecord(
                new RunRef(json.text("tenant"), json.text("run")),
                json.int32("epoch"),
                StepId.of(json.object("step")),
                Effect.ofWireName(json.text("effect")),
                json.findText("input").map(Commitment::ofHex),
                Commitment.ofHex(json.text("result")),
                UsageJson.of(json.array("usage")));
    }

    /** The bytes under the signature: a domain line, then the canonical JSON. */
    public byte[] signedBytes() {
        return (DOMAIN + json()).getBytes(StandardCharsets.UTF_8);
    }

    static void requireInstance(RunRef run, int epoch) {
        if (epoch < 1) {
            throw new LanternException(
                    "a record of run " + run + " names epoch " + epoch + "; instances are numbered from 1");
        }
    }
}
