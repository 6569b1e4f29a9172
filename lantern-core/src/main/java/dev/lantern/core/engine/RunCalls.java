package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.core.event.RunEvent;
import java.util.HexFormat;

/** Calls about the run as a whole: usage outside of steps, and the output. */
final class RunCalls {
    private final Signatures signatures;

    RunCalls(Signatures signatures) {
        this.signatures = signatures;
    }

    void take(Turn turn, Instance instance, Stimulus.Called called) {
        if (called.call() instanceof GatewayCall.Report report) {
            report(turn, called, report);
        } else if (called.call() instanceof GatewayCall.Output output) {
            output(turn, instance, called, output);
        }
    }

    private static void report(Turn turn, Stimulus.Called called, GatewayCall.Report call) {
        if (!turn.state().reported(call.report())) {
            turn.record(new RunEvent.UsageRecorded(call.report(), call.usage()));
            LimitRules.enforce(turn);
        }
        turn.accept(called.token());
    }

    private void output(Turn turn, Instance instance, Stimulus.Called called, GatewayCall.Output call) {
        boolean described = call.record().run().equals(call.run())
                && call.record().epoch() == call.epoch()
                && call.record().output().equals(call.output().commitment());
        if (!described) {
            turn.refuseOnRecord(called, Code.INVALID, "the output's record does not describe this call");
        } else if (!signatures.verify(
                instance.publicKey().orElseThrow(), call.record().signedBytes(), call.signature())) {
            turn.refuseOnRecord(called, Code.BAD_SIGNATURE, "the output is not signed by instance " + instance.epoch());
        } else {
            turn.record(
                    new RunEvent.ResultReady(call.record(), HexFormat.of().formatHex(call.signature())),
                    Payloads.whole(call.output()));
            turn.accept(called.token());
        }
    }
}
