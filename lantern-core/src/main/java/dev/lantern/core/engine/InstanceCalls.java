package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem.Code;
import java.util.Optional;

/** What an instance's calls lead to. The proof comes first, then the epoch, then the call itself. */
final class InstanceCalls {
    private final Enrolment enrolment;
    private final StepCalls steps;
    private final RunCalls work;
    private final SecretCalls secrets;

    InstanceCalls(Signatures signatures, Enrolment enrolment, SecretCalls secrets) {
        this.enrolment = enrolment;
        this.secrets = secrets;
        this.steps = new StepCalls(signatures);
        this.work = new RunCalls(signatures);
    }

    void take(Turn turn, Vitals vitals, Stimulus.Called called) {
        take(turn, vitals, called, Enrolment.Ready.NOT_YET);
    }

    /** The platform was asked once more about an instance that enrols, which by now may have come to an end. */
    void compared(Turn turn, Vitals vitals, Stimulus.Compared compared) {
        if (compared.found().isPresent()) {
            take(turn, vitals, compared.called(), new Enrolment.Ready(compared.found(), Optional.empty()));
        } else {
            turn.refuse(
                    compared.called().token(),
                    Code.UNAVAILABLE,
                    "whether instance " + compared.called().call().epoch()
                            + " is still what was admitted cannot be told now; repeat the call");
        }
    }

    /** An instance's key was certified, which by now may be that of an instance that has come to an end. */
    void certified(Turn turn, Vitals vitals, Stimulus.Certified certified) {
        if (certified.credentials().isPresent()) {
            take(turn, vitals, certified.called(), new Enrolment.Ready(certified.compared(), certified.credentials()));
        } else {
            turn.refuse(
                    certified.called().token(),
                    Code.UNAVAILABLE,
                    "the authority cannot sign at the moment; repeat the call");
        }
    }

    /** The store has handed a value out, for an instance that by now may have come to an end. */
    void secretIssued(Turn turn, Vitals vitals, Stimulus.SecretIssued issued) {
        vitals.secrets().answered(issued.lease());
        if (isOver(turn, issued.called())) {
            issued.waste().ifPresent(turn::act);
        } else {
            secrets.issued(turn, turn.state().instance().orElseThrow(), issued);
        }
    }

    void secretRenewed(Turn turn, Vitals vitals, Stimulus.SecretRenewed renewed) {
        vitals.secrets().answered(renewed.lease());
        if (!isOver(turn, renewed.called())) {
            secrets.renewed(turn, vitals, renewed);
        }
    }

    void secretUntold(Turn turn, Vitals vitals, Stimulus.SecretUntold untold) {
        vitals.secrets().answered(untold.lease());
        if (!isOver(turn, untold.called())) {
            turn.refuse(untold.called().token(), Code.UNAVAILABLE, "the secret store does not answer; repeat the call");
        }
    }

    void valueUnknown(Turn turn, Vitals vitals, Stimulus.ValueUnknown unknown) {
        if (!isOver(turn, unknown.called())) {
            SecretCalls.unknown(turn, vitals, unknown);
        }
    }

    /** Whether the caller has no say any more since it called; then it is told so. */
    private static boolean isOver(Turn turn, Stimulus.Called called) {
        RunState state = turn.state();
        int epoch = called.call().epoch();
        if (epoch != state.epoch() && !state.sealed()) {
            turn.refuseOnRecord(called, Code.STALE_EPOCH, givenUp(state, epoch));
            return true;
        } else if (state.instance().isEmpty() || state.outcome().isPresent()) {
            afterTheEnd(turn, called);
            return true;
        }
        return false;
    }

    /** Why nothing is taken from an instance any more. */
    static String givenUp(RunState state, int epoch) {
        return "instance " + epoch + " of run " + state.run() + " was given up; the newest is " + state.epoch();
    }

    private void take(Turn turn, Vitals vitals, Stimulus.Called called, Enrolment.Ready ready) {
        GatewayCall call = called.call();
        RunState state = turn.state();
        if (!called.proof().isOf(state, call.epoch())) {
            turn.refuseStranger(
                    called, Strangers.PROOF, "the caller does not prove that it is instance " + call.epoch());
        } else if (enrolment.wantsCertificate(state, called)) {
            turn.refuseStranger(
                    called,
                    Strangers.NO_CERTIFICATE,
                    "instance " + call.epoch() + " has enrolled, and proves itself with its key since");
        } else if (call.epoch() != state.epoch()) {
            turn.refuseOnRecord(called, Code.STALE_EPOCH, givenUp(state, call.epoch()));
        } else if (state.instance().isEmpty()) {
            afterTheEnd(turn, called);
        } else if (vitals.heads().mustLook(call)) {
            turn.act(Act.FindHead.of(called));
        } else {
            vitals.heard(turn.now());
            dispatch(turn, vitals, state.instance().get(), called, ready);
        }
    }

    private void dispatch(Turn turn, Vitals vitals, Instance instance, Stimulus.Called called, Enrolment.Ready ready) {
        GatewayCall call = called.call();
        boolean decided = turn.state().outcome().isPresent();
        if (call instanceof GatewayCall.Heartbeat && instance.enrolled() || call instanceof GatewayCall.Unreachable) {
            turn.reply(called.token(), new GatewayReply.Alive(decided));
        } else if (decided) {
            afterTheEnd(turn, called);
        } else if (call instanceof GatewayCall.Enrol enrol) {
            enrolment.take(turn, vitals, instance, called, enrol, ready);
        } else if (!instance.enrolled()) {
            turn.refuseOnRecord(called, Code.INVALID, "enrol first");
        } else if (call instanceof GatewayCall.Renew) {
            enrolment.renew(turn, instance, called, ready);
        } else {
            steps.take(turn, instance, called);
            work.take(turn, instance, called);
            secrets.take(turn, vitals, instance, called);
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
