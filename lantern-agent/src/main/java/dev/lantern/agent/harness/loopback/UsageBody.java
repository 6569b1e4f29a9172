package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.StrictJson;
import dev.lantern.agent.wire.UsageJson;
import dev.lantern.value.internal.Json;
import java.util.List;

/** Usage as an agent writes it: one object, or an array of them. */
final class UsageBody {
    private static final StrictJson.Bounds BOUNDS = StrictJson.Bounds.ofBytes(64 * 1024);

    private UsageBody() {}

    static List<ModelUsage> read(byte[] body) {
        Json json = StrictJson.parse(body, BOUNDS);
        return UsageJson.of(json instanceof Json.Array array ? array.items() : List.of(json));
    }
}
