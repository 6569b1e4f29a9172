package dev.lantern.k8s;

import java.time.Duration;

/**
 * How patient the reading of logs is. All of it is finite.
 *
 * @param silence how long nothing may come before the log is asked for anew: a quiet agent and a dead connection look the
 *     same; give or take a tenth
 * @param turn how long one instance may be followed while others wait
 * @param look how often it is looked, in memory, whether an agent has started
 * @param leastPause before asking again
 * @param mostPause before asking again when nothing came several times
 * @param missing how long the log of an instance that is being removed may not be there, though its agent has started
 * @param giveUp how long the log of an instance that is being removed may be unreadable for any other reason
 */
record LogPace(
        Duration silence,
        Duration turn,
        Duration look,
        Duration leastPause,
        Duration mostPause,
        Duration missing,
        Duration giveUp) {
    static final LogPace USUAL = new LogPace(
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));
}
