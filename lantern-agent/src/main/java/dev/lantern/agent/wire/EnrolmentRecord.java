package dev.lantern.agent.wire;

import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.nio.charset.StandardCharsets;

/**
 * What the harness signs to enrol: that whoever asks to have this key bound to this instance holds its private half.
 *
 * @param publicKey the raw key in hexadecimal
 */
public record EnrolmentRecord(RunRef run, int epoch, String publicKey) {

    /** Keeps a signature over an enrolment from being one over anything else. */
    private static final String DOMAIN = "lantern/enrolment/v1\n";

    /** @throws dev.lantern.value.LanternException if the epoch is not that of an instance */
    public EnrolmentRecord {
        StepRecord.requireInstance(run, epoch);
    }

    public static EnrolmentRecord of(RunRef run, int epoch, byte[] publicKey) {
        return new EnrolmentRecord(run, epoch, Members.hex(publicKey));
    }

    public Json.Obj json() {
        return Json.object()
                .put("tenant", run.tenant())
                .put("run", run.run())
                .put("epoch", epoch)
                .put("publicKey", publicKey)
                .build();
    }

    /** The bytes under the signature: a domain line, then the canonical JSON. */
    public byte[] signedBytes() {
        return (DOMAIN + json()).getBytes(StandardCharsets.UTF_8);
    }
}
