package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.core.event.RunEvent;
import dev.lantern.spec.Limits;

/** The limits that the agent's own work can reach, held at commit. Time is {@link Decisions}' own. */
final class LimitRules {
    private LimitRules() {}

    /** Whether the step may be begun; if not, the call is answered. */
    static boolean admit(Turn turn, Stimulus.Called called, GatewayCall.Begin call) {
        RunState state = turn.state();
        Limits limits = state.spec().limits();
        long done = state.steps().completed();
        if (limits.maxSteps().isPresent() && done >= limits.maxSteps().getAsLong()) {
            long most = limits.maxSteps().getAsLong();
            exceed(turn, "max_steps", done + 1, most);
            turn.refuse(called.token(), Code.LIMIT_EXCEEDED, "max_steps is " + most);
            return false;
        }
        if (call.reserveTokens() > 0 && limits.maxTokens().isPresent()) {
            long most = limits.maxTokens().getAsLong();
            long wanted = state.usage().tokens() + state.steps().reservedTokens() + call.reserveTokens();
            if (wanted > most) {
                turn.refuseOnRecord(
                        called,
                        Code.LIMIT_EXCEEDED,
                        "the reservation would bring max_tokens to " + wanted + " of " + most);
                return false;
            }
        }
        return true;
    }

    /** Decides the run's outcome if what was just recorded passed a limit. */
    static void enforce(Turn turn) {
        UsageTotals usage = turn.state().usage();
        Limits limits = turn.state().spec().limits();
        long done = turn.state().steps().completed();
        if (turn.state().outcome().isPresent()) {
            return;
        }
        if (limits.maxTokens().isPresent()
                && usage.tokens() > limits.maxTokens().getAsLong()) {
            exceed(turn, "max_tokens", usage.tokens(), limits.maxTokens().getAsLong());
        } else if (limits.maxCostUsd().isPresent()
                && usage.costUsd().compareTo(limits.maxCostUsd().get()) > 0) {
            turn.record(new RunEvent.LimitExceeded(
                    "max_cost_usd",
                    usage.costUsd().toPlainString(),
                    limits.maxCostUsd().get().toPlainString()));
        } else if (limits.maxSteps().isPresent() && done > limits.maxSteps().getAsLong()) {
            exceed(turn, "max_steps", done, limits.maxSteps().getAsLong());
        }
    }

    private static void exceed(Turn turn, String limit, long used, long allowed) {
        turn.record(new RunEvent.LimitExceeded(limit, Long.toString(used), Long.toString(allowed)));
    }
}
