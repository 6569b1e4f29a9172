package dev.lantern.testkit.sim;

import dev.lantern.substrate.InstanceRef;
import java.time.Instant;

/** Where agents' lines come in. */
@FunctionalInterface
interface Lines {
    void logged(InstanceRef instance, Instant at, String stream, String line);
}
