package dev.lantern.agent.harness.process;

/** What a harness process ends with where it is not the agent's own code; numbers as in {@code sysexits.h}. */
final class ExitCode {
    /** The configuration is wrong: nothing was begun. */
    static final int CONFIG = 64;
    /** The agent left a result that cannot be delivered. */
    static final int RESULT = 65;
    /** The instance was refused or has ended, or what the agent handed over could not be delivered in time. */
    static final int ENDED = 69;

    private ExitCode() {}
}
