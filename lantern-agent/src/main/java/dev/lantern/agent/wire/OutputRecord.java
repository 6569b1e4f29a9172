package dev.lantern.agent.wire;

import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;

/**
 * What the harness signs when the agent delivers its output.
 *
 * @param run the run
 * @param epoch the instance that delivered it
 * @param output the commitment to the output
 */
public record OutputRecord(RunRef run, int epoch, Commitment output) {

    private static final String DOMAIN = "lantern/output-record/v1\n";

    /** @throws LanternException if the epoch is not that of an instance */
    public OutputRecord {
        StepRecord.requireInstance(run, epoch);
    }

    public Json.Obj json() {
        return Json.object()
                .put("tenant", run.tenant())
                .put("run", run.run())
                .put("epoch", epoch)
                .put("output", output.hex())
                .build();
    }

    /** @throws LanternException if the object is not what {@link #json} makes */
    public static OutputRecord of(Json.Obj json) {
        json.requireOnly("epoch", "output", "run", "tenant");
        return new OutputRecord(
                new RunRef(json.text("tenant"), json.text("run")),
                json.int32("epoch"),
                Commitment.ofHex(json.text("output")));
    }

    /** The bytes under the signature: a domain line, then the canonical JSON. */
    public byte[] signedBytes() {
        return (DOMAIN + json()).getBytes(StandardCharsets.UTF_8);
    }
}
