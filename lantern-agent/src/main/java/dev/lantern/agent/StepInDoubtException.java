package dev.lantern.agent;

/**
 * An earlier instance began this step and ended before saying how it went, and the step has no probe that could
 * tell: resolve it, or let the run wait for an operator who does.
 */
public final class StepInDoubtException extends StepRefusedException {
    private static final long serialVersionUID = 1L;

    private final String idempotencyKey;

    StepInDoubtException(String step, String idempotencyKey, String code, String detail) {
        super(step, code, detail);
        this.idempotencyKey = idempotencyKey;
    }

    /** The key that the earlier try carried to whatever it called: ask there what became of it. */
    public String idempotencyKey() {
        return idempotencyKey;
    }
}
