package dev.lantern.testkit.sim;

import dev.lantern.agent.ModelUsage;
import dev.lantern.value.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What scripted agents and those who audit them agree on. */
final class RunUsage {
    static final ModelUsage WARM_UP = ModelUsage.of("acme", "warm-up", 3, 1);

    private RunUsage() {}

    /** The output of an agent whose steps had these results. */
    static byte[] output(Map<String, byte[]> results) {
        StringBuilder output = new StringBuilder();
        new TreeMap<>(results)
                .forEach((step, result) -> output.append(step)
                        .append('=')
                        .append(Digest.sha256(result).hex())
                        .append('\n'));
        return output.toString().getBytes(StandardCharsets.UTF_8);
    }
}
