package dev.lantern.k8s;

import dev.lantern.value.LanternException;
import java.time.Duration;

/**
 * How long is waited before something that may pass counts as an end, and how often an end is told.
 *
 * @param passing for what the cluster tries again: no node with room, an image that cannot be pulled, a sandbox that
 *     cannot be made
 * @param nodeSilent for a node that is not ready
 * @param missing for an object that has to be there and is not
 * @param start from the node's binding until a container runs and the node has been looked at again
 * @param again between two tellings of the same end
 * @param blind until it is logged that something cannot be watched
 * @param beat the longest rest of the thread that minds all this
 */
record WatchTimes(
        Duration passing,
        Duration nodeSilent,
        Duration missing,
        Duration start,
        Duration again,
        Duration blind,
        Duration beat) {
    static final WatchTimes USUAL = new WatchTimes(
            Duration.ofMinutes(2),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1));

    WatchTimes {
        for (Duration each : new Duration[] {passing, nodeSilent, missing, start, again, blind, beat}) {
            if (each.isNegative() || each.isZero()) {
                throw new LanternException("the times of a watch are positive, found " + each);
            }
        }
    }
}
