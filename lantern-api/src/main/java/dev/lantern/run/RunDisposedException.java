package dev.lantern.run;

import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;

/**
 * What was asked of a run was erased or deleted, by its operators, as retention wants it. The run's id stays taken for
 * ever: a new run under it could be taken for the old one.
 */
public final class RunDisposedException extends LanternException {
    private static final long serialVersionUID = 1L;

    private final transient RunRef run;
    private final Retained retained;

    /** Says what was attempted and what is left. */
    public RunDisposedException(String attempt, RunRef run, Retained retained) {
        super(attempt + ": " + found(run, retained));
        this.run = run;
        this.retained = retained;
    }

    private static String found(RunRef run, Retained retained) {
        return retained == Retained.TOMBSTONE
                ? "run " + run + " was deleted; its id, last epoch, last status and head are left, and its id stays"
                        + " taken. Read its archive if there is one, and take another id for a new run"
                : "the payloads of run " + run + " were erased; its events are left, with commitments that say nothing"
                        + " any more. Find the run with runtime.find, and take another id for a new one";
    }

    /** The run that was erased or deleted. */
    public RunRef run() {
        return run;
    }

    /** What is left of it. */
    public Retained retained() {
        return retained;
    }
}
