package dev.lantern.k8s;

import dev.lantern.substrate.InstanceRef;
import java.time.Duration;
import java.util.Optional;

/** What starting and stopping need of whoever watches the instances. It may be blind or late: both look for themselves. */
interface Lookout {

    /** The name of the instance's pod once it was seen; empty if it was not in this time. */
    Optional<String> awaitPod(InstanceRef instance, Duration within);

    /** Whether what becomes of this instance is seen at present. */
    boolean sees(InstanceRef instance);

    /** What the pod has to be from now on; said before it is let go. */
    void expect(InstanceRef instance, Expectation expectation);

    /** The instance is being stopped: its end is no news any more. */
    void forget(InstanceRef instance);

    /** Whether neither Job nor pod was seen to stand, at once or within this time. */
    boolean awaitGone(InstanceRef instance, Duration within);
}
