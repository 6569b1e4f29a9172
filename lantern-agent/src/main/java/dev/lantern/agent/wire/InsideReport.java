package dev.lantern.agent.wire;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;

/**
 * What a harness that runs behind a boundary of its own found there before anything of the agent ran. It is judged by the
 * host, and nobody who sends none is enrolled where one is wanted.
 *
 * @param sandbox what the kernel says of itself
 * @param fence what the network let through
 */
public record InsideReport(SandboxReport sandbox, FenceReport fence) {

    /** Its form on the wire. */
    public Json.Obj json() {
        return Json.object()
                .put("sandbox", sandbox.json())
                .put("fence", fence.json())
                .build();
    }

    /** @throws LanternException if it is not of that form */
    public static InsideReport of(Json.Obj json) {
        json.requireOnly("sandbox", "fence");
        return new InsideReport(SandboxReport.of(json.object("sandbox")), FenceReport.of(json.object("fence")));
    }
}
