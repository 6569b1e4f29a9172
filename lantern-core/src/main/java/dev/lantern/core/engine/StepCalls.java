package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.IdempotencyKey;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.value.Commitment;
import dev.lantern.value.Opening;
import java.util.HexFormat;
import java.util.Optional;

/** Calls about steps, of an enrolled instance whose run goes on. */
final class StepCalls {
    private static final int MAX_TEXT = 4096;

    private final Signatures signatures;

    StepCalls(Signatures signatures) {
        this.signatures = signatures;
    }

    void take(Turn turn, Instance instance, Stimulus.Called called) {
        if (called.call() instanceof GatewayCall.Begin begin) {
            begin(turn, called, begin);
        } else if (called.call() instanceof GatewayCall.Complete complete) {
            complete(turn, instance, called, complete);
        } else if (called.call() instanceof GatewayCall.Fail fail) {
            fail(turn, called, fail);
        } else if (called.call() instanceof GatewayCall.Resolve resolve) {
            resolve(turn, called, resolve);
        }
    }

    // -- begin ---------------------------------------------------------------------------------------------

    private static void begin(Turn turn, Stimulus.Called called, GatewayCall.Begin call) {
        StepState step = turn.state().steps().get(call.step());
        if (step instanceof StepState.Done done) {
            turn.act(new Act.Replay(called, call, done.seq()));
        } else if (step.begun().isEmpty()) {
            beginSame(turn, called, call, step);
        } else {
            beginAgain(turn, called, call, step, step.begun().get());
        }
    }

    /** The same step with another input is another path of the agent, whatever became of the first. */
    private static void beginAgain(
            Turn turn, Stimulus.Called called, GatewayCall.Begin call, StepState step, StepState.Begun begun) {
        Optional<Commitment> input = call.input().map(Opening::commitment);
        if (input.equals(begun.input()) || called.sameInputAs() == begun.seq()) {
            beginSame(turn, called, call, step);
        } else if (input.isPresent() != begun.input().isPresent()) {
            turn.refuseOnRecord(called, Code.DIVERGED, StepReplay.divergence(call.step()));
        } else {
            // Another salt says nothing: the recorded one is in the journal.
            turn.act(new Act.CompareInput(called, call, begun.seq()));
        }
    }

    private static void beginSame(Turn turn, Stimulus.Called called, GatewayCall.Begin call, StepState step) {
        RunState state = turn.state();
        if (step instanceof StepState.Open open && open.inDoubt(state.epoch())) {
            turn.reply(
                    called.token(),
                    new GatewayReply.InDoubt(
                            IdempotencyKey.of(state.run(), call.step()),
                            new GatewayReply.DoubtfulStep(call.step(), open.effect(), open.epoch(), open.attempts())));
        } else if (step instanceof StepState.Happened happened) {
            turn.reply(
                    called.token(),
                    new GatewayReply.Happened(
                            IdempotencyKey.of(state.run(), call.step()),
                            new GatewayReply.DoubtfulStep(
                                    call.step(), happened.effect(), happened.epoch(), happened.attempts())));
        } else if (step instanceof StepState.Open open && open.epoch() == state.epoch()) {
            turn.reply(called.token(), runIt(state, call.step(), open.attempts()));
        } else if (LimitRules.admit(turn, called, call)) {
            if (call.effect().beginIsDurable() || call.reserveTokens() > 0) {
                turn.record(
                        new RunEvent.StepStarted(
                                call.step(),
                                call.effect(),
                                call.input().map(Opening::commitment),
                                call.reserveTokens()),
                        call.input().map(Payloads::saltOnly).stream().toArray(StoredOpening[]::new));
            }
            turn.reply(called.token(), runIt(state, call.step(), step.attempts() + 1));
        }
    }

    private static GatewayReply runIt(RunState state, StepId step, int attempt) {
        return new GatewayReply.RunIt(IdempotencyKey.of(state.run(), step), attempt);
    }

    // -- complete, fail, resolve ---------------------------------------------------------------------------

    private void complete(Turn turn, Instance instance, Stimulus.Called called, GatewayCall.Complete call) {
        StepRecord record = call.record();
        StepState step = turn.state().steps().get(record.step());
        if (!matches(record, call)) {
            turn.refuseOnRecord(
                    called, Code.INVALID, "the record of step " + record.step() + " does not describe this call");
        } else if (!signatures.verify(instance.publicKey().orElseThrow(), record.signedBytes(), call.signature())) {
            turn.refuseOnRecord(
                    called,
                    Code.BAD_SIGNATURE,
                    "the record of step " + record.step() + " is not signed by instance " + instance.epoch());
        } else if (Repeats.stands(turn.state(), call)) {
            turn.accept(called.token());
        } else if (step instanceof StepState.Done) {
            turn.refuseOnRecord(
                    called,
                    Code.CONFLICT,
                    "step " + record.step() + " is completed with another result; begin it to get the recorded one");
        } else if (step instanceof StepState.Open open
                && open.inDoubt(turn.state().epoch())) {
            turn.refuse(called.token(), Code.STEP_IN_DOUBT, "step " + record.step() + " is in doubt: resolve it first");
        } else if (record.effect().beginIsDurable() && step instanceof StepState.Again) {
            turn.refuseOnRecord(
                    called,
                    Code.INVALID,
                    "step " + record.step() + " is " + record.effect().wireName()
                            + " and was never begun: begin it first");
        } else {
            turn.record(new RunEvent.StepCompleted(record, HexFormat.of().formatHex(call.signature())), carried(call));
            LimitRules.enforce(turn);
            turn.accept(called.token());
        }
    }

    private static StoredOpening[] carried(GatewayCall.Complete call) {
        StoredOpening result = Payloads.whole(call.result());
        return call.input()
                .map(input -> new StoredOpening[] {Payloads.saltOnly(input), result})
                .orElseGet(() -> new StoredOpening[] {result});
    }

    private static boolean matches(StepRecord record, GatewayCall.Complete call) {
        return record.run().equals(call.run())
                && record.epoch() == call.epoch()
                && record.result().equals(call.result().commitment())
                && record.input().equals(call.input().map(Opening::commitment));
    }

    private static void fail(Turn turn, Stimulus.Called called, GatewayCall.Fail call) {
        StepState step = turn.state().steps().get(call.step());
        if (step instanceof StepState.Done) {
            turn.refuseOnRecord(called, Code.CONFLICT, "step " + call.step() + " is completed and can no longer fail");
        } else if (step.mayFail(call.attempt())) {
            turn.record(new RunEvent.StepFailed(call.step(), shortened(call.error())));
            turn.accept(called.token());
        } else if (Repeats.failedBefore(step, call)) {
            turn.accept(called.token());
        } else {
            turn.refuseOnRecord(
                    called,
                    Code.INVALID,
                    "attempt " + call.attempt() + " of step " + call.step() + " was never begun; the last one was "
                            + step.attempts());
        }
    }

    private static void resolve(Turn turn, Stimulus.Called called, GatewayCall.Resolve call) {
        StepState step = turn.state().steps().get(call.step());
        if (call.attempt() != step.attempts()) {
            // A repeat that arrives late, behind a later attempt, is nothing to tell of.
            turn.refuse(
                    called.token(),
                    Code.CONFLICT,
                    "attempt " + call.attempt() + " of step " + call.step() + " is not the one in doubt");
        } else if (step instanceof StepState.Open open
                && open.inDoubt(turn.state().epoch())) {
            turn.record(new RunEvent.StepResolved(call.step(), call.happened(), shortened(call.how())));
            turn.accept(called.token());
        } else if (Repeats.resolvedBefore(step, call)) {
            turn.accept(called.token());
        } else {
            turn.refuseOnRecord(called, Code.CONFLICT, "step " + call.step() + " is not in doubt");
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT
                ? text
                : text.substring(
                                0,
                                text.offsetByCodePoints(
                                        0, Math.min(MAX_TEXT / 2, text.codePointCount(0, text.length()))))
                        + " …";
    }
}
