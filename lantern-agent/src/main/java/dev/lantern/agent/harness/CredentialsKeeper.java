package dev.lantern.agent.harness;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.value.LanternException;

/** Takes what the instance proves itself with, and gives it to whatever speaks for the instance. Called in turns. */
public interface CredentialsKeeper {
    /** For an instance that proves itself with its enrolment secret alone. */
    CredentialsKeeper NONE = credentials -> {};

    /**
     * From now on these count, and no earlier ones. Returns without waiting; no call leaves before it has.
     *
     * @throws LanternException if they cannot be used, which ends the instance
     */
    void take(Credentials credentials);
}
