package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.IdempotencyKey;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.spec.Limits;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import java.util.HexFormat;
import java.util.Optional;

/** What an instance's calls lead to. The proof comes first, then the epoch, then the call itself. */
final class InstanceCalls {
    /** The protocol version that this host speaks. */
    static final int PROTOCOL = 1;

    private static final int MAX_TEXT = 4096;

    private final Signatures signatures;

    InstanceCalls(Signatures signatures) {
        this.signatures = signatures;
    }

    void take(Turn turn, Vitals vitals, Stimulus.Called called) {
        GatewayCall call = called.call();
        CallToken token = called.token();
        RunState state = turn.state();
        Optional<Digest> secret = state.secret(call.epoch());
        if (secret.isEmpty() || !secret.get().equals(Digest.sha256(called.secret()))) {
            turn.refuse(token, Code.UNKNOWN_INSTANCE, "no such instance");
        } else if (call.epoch() != state.epoch()) {
            turn.refuse(
                    token,
                    Code.STALE_EPOCH,
                    "instance " + call.epoch() + " of run " + state.run() + " was given up; the newest is "
                            + state.epoch());
        } else if (state.sealed() || state.instance().isEmpty()) {
            turn.refuse(token, Code.RUN_ENDED, "run " + state.run() + " is " + state.status());
        } else {
            vitals.heard(turn.now());
            dispatch(turn, state.instance().get(), token, call);
        }
    }

    private void dispatch(Turn turn, Instance instance, CallToken token, GatewayCall call) {
        if (call instanceof GatewayCall.Enrol enrol) {
            enrol(turn, instance, token, enrol);
        } else if (!instance.enrolled()) {
            turn.refuse(token, Code.INVALID, "enrol first");
        } else if (call instanceof GatewayCall.Heartbeat) {
            turn.reply(token, new GatewayReply.Alive(turn.state().outcome().isPresent()));
        } else if (call instanceof GatewayCall.Complete complete) {
            complete(turn, instance, token, complete);
        } else if (call instanceof GatewayCall.Output output) {
            output(turn, instance, token, output);
        } else if (turn.state().outcome().isPresent()) {
            turn.refuse(
                    token, Code.RUN_ENDED, "the outcome of run " + turn.state().run() + " is decided");
        } else if (call instanceof GatewayCall.Begin begin) {
            begin(turn, token, begin);
        } else if (call instanceof GatewayCall.Fail fail) {
            fail(turn, token, fail);
        } else if (call instanceof GatewayCall.Resolve resolve) {
            resolve(turn, token, resolve);
        } else if (call instanceof GatewayCall.Report report) {
            report(turn, token, report);
        }
    }

    // -- enrolment -----------------------------------------------------------------------------------------

    private void enrol(Turn turn, Instance instance, CallToken token, GatewayCall.Enrol call) {
        String key = HexFormat.of().formatHex(call.publicKey());
        if (turn.state().outcome().isPresent()) {
            turn.refuse(
                    token, Code.RUN_ENDED, "the outcome of run " + turn.state().run() + " is decided");
        } else if (call.oldestProtocol() > PROTOCOL || call.newestProtocol() < PROTOCOL) {
            turn.refuse(
                    token,
                    Code.PROTOCOL,
                    "the harness speaks protocol " + call.oldestProtocol() + " to " + call.newestProtocol()
                            + ", this host speaks " + PROTOCOL);
        } else if (instance.enrolled()) {
            enrolledBefore(turn, instance, token, key);
        } else if (!signatures.isKey(call.publicKey())) {
            turn.refuse(token, Code.INVALID, "the public key is no valid Ed25519 key");
        } else {
            turn.record(new RunEvent.InstanceEnrolled(key, PROTOCOL));
            turn.act(new Act.Resume(token));
        }
    }

    private static void enrolledBefore(Turn turn, Instance instance, CallToken token, String key) {
        if (instance.publicKey().orElseThrow().equals(key)) {
            turn.act(new Act.Resume(token));
        } else {
            turn.refuse(token, Code.ALREADY_ENROLLED, "another key has enrolled as instance " + instance.epoch());
        }
    }

    // -- steps ---------------------------------------------------------------------------------------------

    private static void begin(Turn turn, CallToken token, GatewayCall.Begin call) {
        RunState state = turn.state();
        StepState step = state.step(call.step()).orElse(new StepState.Again(0));
        if (step instanceof StepState.Done done) {
            turn.act(new Act.Replay(token, call, done.seq()));
        } else if (step instanceof StepState.Open open && state.inDoubt(open)) {
            turn.reply(
                    token,
                    new GatewayReply.InDoubt(
                            IdempotencyKey.of(state.run(), call.step()),
                            new GatewayReply.DoubtfulStep(call.step(), open.effect(), open.epoch(), open.attempts())));
        } else if (step instanceof StepState.Happened happened) {
            turn.reply(
                    token,
                    new GatewayReply.Happened(
                            IdempotencyKey.of(state.run(), call.step()),
                            new GatewayReply.DoubtfulStep(
                                    call.step(), happened.effect(), happened.epoch(), happened.attempts())));
        } else if (step instanceof StepState.Open open && open.epoch() == state.epoch()) {
            turn.reply(token, runIt(state, call.step(), open.attempts()));
        } else {
            beginNew(turn, token, call, step.attempts() + 1);
        }
    }

    private static void beginNew(Turn turn, CallToken token, GatewayCall.Begin call, int attempt) {
        RunState state = turn.state();
        Limits limits = state.spec().limits();
        if (limits.maxSteps().isPresent()
                && state.completedSteps() >= limits.maxSteps().getAsLong()) {
            exceed(
                    turn,
                    "max_steps",
                    state.completedSteps() + 1L,
                    limits.maxSteps().getAsLong());
            turn.refuse(
                    token,
                    Code.LIMIT_EXCEEDED,
                    "max_steps is " + limits.maxSteps().getAsLong());
            return;
        }
        if (call.reserveTokens() > 0 && limits.maxTokens().isPresent()) {
            long wanted = state.usage().tokens() + state.reservedTokens() + call.reserveTokens();
            if (wanted > limits.maxTokens().getAsLong()) {
                turn.refuse(
                        token,
                        Code.LIMIT_EXCEEDED,
                        "the reservation would bring max_tokens to " + wanted + " of "
                                + limits.maxTokens().getAsLong());
                return;
            }
        }
        if (call.effect().beginIsDurable() || call.reserveTokens() > 0) {
            turn.record(
                    new RunEvent.StepStarted(
                            call.step(), call.effect(), call.input().map(Opening::commitment), call.reserveTokens()),
                    call.input().map(Payloads::saltOnly).stream().toArray(StoredOpening[]::new));
        }
        turn.reply(token, runIt(state, call.step(), attempt));
    }

    private static GatewayReply runIt(RunState state, StepId step, int attempt) {
        return new GatewayReply.RunIt(IdempotencyKey.of(state.run(), step), attempt);
    }

    private void complete(Turn turn, Instance instance, CallToken token, GatewayCall.Complete call) {
        StepRecord record = call.record();
        RunState state = turn.state();
        Optional<StepState> step = state.step(record.step());
        if (!matches(record, call)) {
            turn.refuse(token, Code.INVALID, "the record of step " + record.step() + " does not describe this call");
        } else if (!signatures.verify(instance.publicKey().orElseThrow(), record.signedBytes(), call.signature())) {
            turn.refuse(
                    token,
                    Code.BAD_SIGNATURE,
                    "the record of step " + record.step() + " is not signed by instance " + instance.epoch());
        } else if (step.orElse(null) instanceof StepState.Done done) {
            completedBefore(turn, token, record, done);
        } else if (state.outcome().isPresent()) {
            turn.refuse(token, Code.RUN_ENDED, "the outcome of run " + state.run() + " is decided");
        } else if (step.orElse(null) instanceof StepState.Open open && state.inDoubt(open)) {
            turn.refuse(token, Code.STEP_IN_DOUBT, "step " + record.step() + " is in doubt: resolve it first");
        } else if (record.effect().beginIsDurable() && !begun(step)) {
            turn.refuse(
                    token,
                    Code.INVALID,
                    "step " + record.step() + " is " + record.effect().wireName()
                            + " and was never begun: begin it first");
        } else {
            turn.record(new RunEvent.StepCompleted(record, HexFormat.of().formatHex(call.signature())), carried(call));
            enforce(turn);
            turn.accept(token);
        }
    }

    private static boolean begun(Optional<StepState> step) {
        return step.isPresent() && !(step.get() instanceof StepState.Again);
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

    private static void completedBefore(Turn turn, CallToken token, StepRecord record, StepState.Done done) {
        if (done.result().equals(record.result()) && done.input().equals(record.input())) {
            turn.accept(token);
        } else {
            turn.refuse(
                    token,
                    Code.CONFLICT,
                    "step " + record.step() + " is completed with another result; begin it to get the recorded one");
        }
    }

    /** A repeat that arrives late, behind a later attempt, is acknowledged and changes nothing. */
    private static void fail(Turn turn, CallToken token, GatewayCall.Fail call) {
        StepState step = turn.state().step(call.step()).orElse(new StepState.Again(0));
        if (step instanceof StepState.Done) {
            turn.refuse(token, Code.CONFLICT, "step " + call.step() + " is completed and can no longer fail");
        } else if (step.mayFail(call.attempt())) {
            turn.record(new RunEvent.StepFailed(call.step(), shortened(call.error())));
            turn.accept(token);
        } else if (call.attempt() <= step.attempts()) {
            turn.accept(token);
        } else {
            turn.refuse(
                    token,
                    Code.INVALID,
                    "attempt " + call.attempt() + " of step " + call.step() + " was never begun; the last one was "
                            + step.attempts());
        }
    }

    private static void resolve(Turn turn, CallToken token, GatewayCall.Resolve call) {
        StepState step = turn.state().step(call.step()).orElse(new StepState.Again(0));
        if (call.attempt() != step.attempts()) {
            turn.refuse(
                    token,
                    Code.CONFLICT,
                    "attempt " + call.attempt() + " of step " + call.step() + " is not the one in doubt");
        } else if (step instanceof StepState.Open open && turn.state().inDoubt(open)) {
            turn.record(new RunEvent.StepResolved(call.step(), call.happened(), shortened(call.how())));
            turn.accept(token);
        } else if (step instanceof StepState.Happened && call.happened()
                || step instanceof StepState.Again && !call.happened()) {
            turn.accept(token);
        } else {
            turn.refuse(token, Code.CONFLICT, "step " + call.step() + " is not in doubt");
        }
    }

    private static void report(Turn turn, CallToken token, GatewayCall.Report call) {
        if (!turn.state().reported(call.report())) {
            turn.record(new RunEvent.UsageRecorded(call.report(), call.usage()));
            enforce(turn);
        }
        turn.accept(token);
    }

    private void output(Turn turn, Instance instance, CallToken token, GatewayCall.Output call) {
        Commitment output = call.output().commitment();
        boolean described = call.record().run().equals(call.run())
                && call.record().epoch() == call.epoch()
                && call.record().output().equals(output);
        if (!described) {
            turn.refuse(token, Code.INVALID, "the output's record does not describe this call");
        } else if (!signatures.verify(
                instance.publicKey().orElseThrow(), call.record().signedBytes(), call.signature())) {
            turn.refuse(token, Code.BAD_SIGNATURE, "the output is not signed by instance " + instance.epoch());
        } else if (turn.state().outcome().isPresent()) {
            deliveredBefore(turn, token, output);
        } else {
            turn.record(
                    new RunEvent.ResultReady(call.record(), HexFormat.of().formatHex(call.signature())),
                    Payloads.whole(call.output()));
            turn.accept(token);
        }
    }

    private static void deliveredBefore(Turn turn, CallToken token, Commitment output) {
        if (turn.state().output().filter(output::equals).isPresent()) {
            turn.accept(token);
        } else {
            turn.refuse(
                    token, Code.RUN_ENDED, "the outcome of run " + turn.state().run() + " is decided");
        }
    }

    // -- limits --------------------------------------------------------------------------------------------

    private static void enforce(Turn turn) {
        UsageTotals usage = turn.state().usage();
        Limits limits = turn.state().spec().limits();
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
        } else if (limits.maxSteps().isPresent()
                && turn.state().completedSteps() > limits.maxSteps().getAsLong()) {
            exceed(
                    turn,
                    "max_steps",
                    turn.state().completedSteps(),
                    limits.maxSteps().getAsLong());
        }
    }

    private static void exceed(Turn turn, String limit, long used, long allowed) {
        turn.record(new RunEvent.LimitExceeded(limit, Long.toString(used), Long.toString(allowed)));
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
