package dev.lantern.gate;

/**
 * What a substrate could tell about where agents would run. A snapshot: it ages, and the gate refuses what is too old.
 *
 * @see HostFacts
 * @see ClusterFacts
 */
public sealed interface Facts permits HostFacts, ClusterFacts {

    /** Who looked, and where; for evidence and messages. */
    String source();
}
