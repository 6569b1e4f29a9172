package dev.lantern.testkit.contract;

/** What an agent of the substrate's contract does. A backend says how its agents do it. */
public enum InstanceBehaviour {
    /** Ends at once with exit code 3. */
    EXITS_WITH_3,
    /** Writes {@code one}, {@code two}, {@code three} to standard output, a line each, and ends with 0. */
    WRITES_THREE_LINES,
    /** Writes {@code up} and runs until it is asked to end. */
    RUNS_UNTIL_ASKED,
    /** Writes {@code up} and runs until it is killed. */
    RUNS_UNTIL_KILLED,
    /** Can never be started, because what it would run does not exist. */
    CANNOT_START
}
