package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.core.event.RunEvent;
import java.util.HexFormat;
import java.util.List;

/** What an instance's calls lead to. The proof comes first, then the epoch, then the call itself. */
final class InstanceCalls {
    /** The protocol version that this host speaks. */
    static final int PROTOCOL = 1;

    private final Signatures signatures;
    private final List<String> beforeEnrolment;
    private final StepCalls steps;
    private final RunCalls work;

    /** @param beforeEnrolment the checkpoints that an instance has to have passed before its agent may start */
    InstanceCalls(Signatures signatures, List<String> beforeEnrolment) {
        this.signatures = signatures;
        this.beforeEnrolment = List.copyOf(beforeEnrolment);
        this.steps = new StepCalls(signatures);
        this.work = new RunCalls(signatures);
    }

    void take(Turn turn, Vitals vitals, Stimulus.Called called) {
        GatewayCall call = called.call();
        CallToken token = called.token();
        RunState state = turn.state();
        if (!called.proof().isOf(state, call.epoch())) {
            turn.refuse(token, Code.UNKNOWN_INSTANCE, "no such instance");
        } else if (call.epoch() != state.epoch()) {
            turn.refuseOnRecord(
                    called,
                    Code.STALE_EPOCH,
                    "instance " + call.epoch() + " of run " + state.run() + " was given up; the newest is "
                            + state.epoch());
        } else if (state.instance().isEmpty()) {
            afterTheEnd(turn, called);
        } else if (vitals.heads().mustLook(call)) {
            turn.act(Act.FindHead.of(called));
        } else {
            vitals.heard(turn.now());
            dispatch(turn, state.instance().get(), called);
        }
    }

    private void dispatch(Turn turn, Instance instance, Stimulus.Called called) {
        GatewayCall call = called.call();
        boolean decided = turn.state().outcome().isPresent();
        if (call instanceof GatewayCall.Heartbeat && instance.enrolled() || call instanceof GatewayCall.Unreachable) {
            turn.reply(called.token(), new GatewayReply.Alive(decided));
        } else if (decided) {
            afterTheEnd(turn, called);
        } else if (call instanceof GatewayCall.Enrol enrol) {
            enrol(turn, instance, called, enrol);
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

    private void enrol(Turn turn, Instance instance, Stimulus.Called called, GatewayCall.Enrol call) {
        String key = HexFormat.of().formatHex(call.publicKey());
        if (call.oldestProtocol() > PROTOCOL || call.newestProtocol() < PROTOCOL) {
            turn.refuseOnRecord(
                    called,
                    Code.PROTOCOL,
                    "the harness speaks protocol " + call.oldestProtocol() + " to " + call.newestProtocol()
                            + ", this host speaks " + PROTOCOL);
        } else if (instance.enrolled()) {
            enrolledBefore(turn, instance, called, key);
        } else if (!instance.verified().containsAll(beforeEnrolment)) {
            // Told by who watches, a moment before or after: no wrong of the caller, and nothing for the record.
            turn.refuse(
                    called.token(),
                    Code.UNAVAILABLE,
                    "where instance " + instance.epoch() + " runs is not verified yet; repeat the call");
            turn.act(new Act.AskCheckpoints(instance.epoch()));
        } else if (!signatures.isKey(call.publicKey())) {
            turn.refuseOnRecord(called, Code.INVALID, "the public key is no valid Ed25519 key");
        } else {
            turn.record(new RunEvent.InstanceEnrolled(key, PROTOCOL));
            turn.act(new Act.Resume(called.token()));
        }
    }

    private static void enrolledBefore(Turn turn, Instance instance, Stimulus.Called called, String key) {
        if (instance.publicKey().orElseThrow().equals(key)) {
            turn.act(new Act.Resume(called.token()));
        } else {
            turn.refuseOnRecord(
                    called, Code.ALREADY_ENROLLED, "another key has enrolled as instance " + instance.epoch());
        }
    }
}
