package dev.lantern;

import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;

/** A run of this id stands already and was spawned with another spec, input or limits. Nothing was changed. */
public final class RunConflictException extends LanternException {
    private static final long serialVersionUID = 1L;

    private final transient RunRef run;
    private final transient Digest standing;
    private final transient Digest requested;

    /** Names both requests by their digests. */
    public RunConflictException(RunRef run, Digest standing, Digest requested) {
        super("run " + run + " was spawned before with another request: it stands with " + standing
                + ", this one is " + requested
                + ". Take another run id, or find the run that stands with runtime.find(\"" + run.tenant() + "\", \""
                + run.run() + "\")");
        this.run = run;
        this.standing = standing;
        this.requested = requested;
    }

    /** The run that both requests name. */
    public RunRef run() {
        return run;
    }

    /** The digest of the request that the standing run was spawned with. */
    public Digest standing() {
        return standing;
    }

    /** The digest of the request that was refused. */
    public Digest requested() {
        return requested;
    }
}
