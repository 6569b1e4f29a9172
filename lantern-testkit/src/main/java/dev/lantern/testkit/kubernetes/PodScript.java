package dev.lantern.testkit.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What becomes of a pod once it is bound: one step for each tick of its node. What the script leaves out a test does by
 * hand. Immutable.
 *
 * <pre>{@code
 * PodScript.starts().then(pod -> pod.log("agent", "hello")).then(pod -> pod.exit("agent", 0))
 * }</pre>
 */
public final class PodScript {
    private final List<Consumer<FakePod>> steps;

    private PodScript(List<Consumer<FakePod>> steps) {
        this.steps = steps;
    }

    /** Nothing: the sandbox is made, and the containers stay in ContainerCreating. */
    public static PodScript waits() {
        return new PodScript(List.of());
    }

    /** The containers start, as far as startup probes let them. */
    public static PodScript starts() {
        return waits().then(FakePod::start);
    }

    /** One step more. */
    public PodScript then(Consumer<FakePod> step) {
        List<Consumer<FakePod>> longer = new ArrayList<>(steps);
        longer.add(step);
        return new PodScript(List.copyOf(longer));
    }

    List<Consumer<FakePod>> steps() {
        return steps;
    }
}
