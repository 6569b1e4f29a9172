package dev.lantern.agent;

import dev.lantern.value.LanternException;

/** A step could not be begun, recorded or resolved, and trying the same again will not help. */
public class StepRefusedException extends LanternException {
    private static final long serialVersionUID = 1L;

    private final String step;
    private final String code;

    StepRefusedException(String step, String code, String detail) {
        super("step " + step + " was refused (" + code + "): " + detail);
        this.step = step;
        this.code = code;
    }

    /** The step's name. */
    public String step() {
        return step;
    }

    /** The problem's code as the agent protocol lists it, such as {@code diverged}. */
    public String code() {
        return code;
    }
}
