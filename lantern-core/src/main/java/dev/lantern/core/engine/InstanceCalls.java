package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.substrate.Verified;
import java.util.Optional;

/** What an instance's calls lead to. The proof comes first, then the epoch, then the call itself. */
final class InstanceCalls {
    private final Enrolment enrolment;
    private final StepCalls steps;
    private final RunCalls work;

    InstanceCalls(Signatures signatures, Enrolment enrolment) {
        this.enrolment = enrolment;
        this.steps = new StepCalls(signatures);
        this.work = new RunCalls(signatures);
    }

    void take(Turn turn, Vitals vitals, Stimulus.Called called) {
        take(turn, vitals, called, Optional.empty());
    }

    /** The platform was asked once more about an instance that enrols, which by now may have come to an end. */
    void compared(Turn turn, Vitals vitals, Stimulus.Compared compared) {
        if (compared.found().isPresent()) {
            take(turn, vitals, compared.called(), compared.found());
        } else {
            turn.refuse(
                    compared.called().token(),
                    Code.UNAVAILABLE,
                    "whether instance " + compared.called().call().epoch()
                            + " is still what was admitted cannot be told now; repeat the call");
        }
    }

    /** Why nothing is taken from an instance any more. */
    static String givenUp(RunState state, int epoch) {
        return "instance " + epoch + " of run " + state.run() + " was given up; the newest is " + state.epoch();
    }

    private void take(Turn turn, Vitals vitals, Stimulus.Called called, Optional<Verified> compared) {
        GatewayCall call = called.call();
        CallToken token = called.token();
        RunState state = turn.state();
        if (!called.proof().isOf(state, call.epoch())) {
            turn.refuse(token, Code.UNKNOWN_INSTANCE, "no such instance");
        } else if (call.epoch() != state.epoch()) {
            turn.refuseOnRecord(called, Code.STALE_EPOCH, givenUp(state, call.epoch()));
        } else if (state.instance().isEmpty()) {
            afterTheEnd(turn, called);
        } else if (vitals.heads().mustLook(call)) {
            turn.act(Act.FindHead.of(called));
        } else {
            vitals.heard(turn.now());
            dispatch(turn, vitals, state.instance().get(), called, compared);
        }
    }

    private void dispatch(
            Turn turn, Vitals vitals, Instance instance, Stimulus.Called called, Optional<Verified> compared) {
        GatewayCall call = called.call();
        boolean decided = turn.state().outcome().isPresent();
        if (call instanceof GatewayCall.Heartbeat && instance.enrolled() || call instanceof GatewayCall.Unreachable) {
            turn.reply(called.token(), new GatewayReply.Alive(decided));
        } else if (decided) {
            afterTheEnd(turn, called);
        } else if (call instanceof GatewayCall.Enrol enrol) {
            enrolment.take(turn, vitals, instance, called, enrol, compared);
        } else if (!instance.enrolled()) {
            turn.refuseOnRecord(called, Code.INVALID, "enrol first");
        } else {
            steps.take(turn, instance, called);
            work.take(turn, instance, called);
        }
    }

    /** A repeat of what stands in the chain was answered once and is answered again; nothing else is taken any more. */
    private static void afterTheEnd(Turn turn, Stimulus.Called called) {
        RunState state = turn.state();
        if (Repeats.stands(state, called.call())) {
            turn.accept(called.token());
        } else {
            turn.refuse(
                    called.token(),
                    Code.RUN_ENDED,
                    state.sealed()
                            ? "run " + state.run() + " is " + state.status()
                            : "the outcome of run " + state.run() + " is decided");
        }
    }
}
