package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;

/** Whether a call says only what the chain says already: a repeat whose answer was lost. */
final class Repeats {
    private Repeats() {}

    static boolean stands(RunState state, GatewayCall call) {
        if (call instanceof GatewayCall.Complete complete) {
            return state.steps().get(complete.record().step()) instanceof StepState.Done done
                    && done.result().equals(complete.record().result())
                    && done.input().equals(complete.record().input());
        } else if (call instanceof GatewayCall.Output output) {
            return state.output().filter(output.record().output()::equals).isPresent();
        } else if (call instanceof GatewayCall.Report report) {
            return state.reported(report.report());
        } else if (call instanceof GatewayCall.Fail fail) {
            return failedBefore(state.steps().get(fail.step()), fail);
        } else if (call instanceof GatewayCall.Resolve resolve) {
            return resolvedBefore(state.steps().get(resolve.step()), resolve);
        }
        return false;
    }

    /** A repeat that arrives late, behind a later attempt, is one as well. */
    static boolean failedBefore(StepState step, GatewayCall.Fail call) {
        return !(step instanceof StepState.Done) && !step.mayFail(call.attempt()) && call.attempt() <= step.attempts();
    }

    static boolean resolvedBefore(StepState step, GatewayCall.Resolve call) {
        boolean same = call.happened() ? step instanceof StepState.Happened : step instanceof StepState.Again;
        return same && call.attempt() == step.attempts();
    }
}
