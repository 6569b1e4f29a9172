package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;

/** What the harness itself refuses, in words that say what to do instead. */
final class Refusals {
    private Refusals() {}

    static GatewayReply.Refused of(Problem.Code code, String detail) {
        return new GatewayReply.Refused(Problem.of(code, detail));
    }

    static GatewayReply.Refused alreadyOpen(OpenStep step) {
        String which = "step " + step.id() + " is " + step.situation();
        String fix = step.id().key().isPresent()
                ? "complete or fail it before you begin it again"
                : "complete or fail it first; to work on several steps of this name at once, give each a key made of"
                        + " identity fields of its subject, such as an order number";
        return of(
                Problem.Code.STEP_OPEN,
                which + "; " + fix + ". If this repeats a begin whose answer was lost, send the same Idempotency-Key"
                        + " with both");
    }

    static GatewayReply.Refused notOpen(StepId id) {
        return of(
                Problem.Code.NO_OPEN_STEP,
                "step " + id + " is not open in this instance: begin it first; a step that begin answered with its"
                        + " recorded result needs no completion");
    }

    static GatewayReply.Refused notOpen(String name) {
        return of(
                Problem.Code.NO_OPEN_STEP, "no step named \"" + name + "\" was begun in this instance: begin it first");
    }

    static GatewayReply.Refused unknownStepKey(String name) {
        return of(
                Problem.Code.NO_OPEN_STEP,
                "the step key given for \"" + name + "\" is not one that begin answered in this instance: send back"
                        + " the Lantern-Step-Key of the begin that this belongs to");
    }

    static GatewayReply.Refused happened(StepId id) {
        return of(
                Problem.Code.INVALID,
                "step " + id
                        + " is settled as having happened, so it cannot fail any more: complete it with its result");
    }

    static GatewayReply.Refused busy(OpenStep step) {
        return of(
                Problem.Code.NO_OPEN_STEP,
                "step " + step.id() + " is " + step.situation() + ": wait for that answer first");
    }

    static GatewayReply.Refused otherContent(StepId id) {
        return of(
                Problem.Code.CONFLICT,
                "step " + id + " was completed by this instance with another result; the first one stands");
    }

    static GatewayReply.Refused tokenOfAnotherStep(StepId id, String asked) {
        return of(
                Problem.Code.INVALID,
                "this Idempotency-Key was used to begin step " + id + " and now to begin \"" + asked
                        + "\": make a new one for every begin and reuse it only to repeat that begin");
    }

    /** Why {@code call} was not answered as it was meant. */
    static Problem problem(String call, GatewayReply reply) {
        return reply instanceof GatewayReply.Refused refused
                ? refused.problem()
                : unexpected(call, reply).problem();
    }

    static GatewayReply.Refused unexpected(String call, GatewayReply reply) {
        return of(
                Problem.Code.INVALID,
                "the gateway answered " + call + " with " + reply.getClass().getSimpleName()
                        + ", which the protocol does not allow there");
    }
}
