package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.value.RunRef;
import java.util.HexFormat;

/** What is asked of the host about secrets. Nobody waits for these answers when the instance drains. */
final class LeaseCalls {
    private static final int REQUEST_BYTES = 16;

    private final RunRef run;
    private final int epoch;
    private final Calls calls;
    private final Clockwork clockwork;

    LeaseCalls(RunRef run, int epoch, Calls calls, Clockwork clockwork) {
        this.run = run;
        this.epoch = epoch;
        this.calls = calls;
        this.clockwork = clockwork;
    }

    /** Each request has a name of its own, so that a new one is never answered with the lease of an earlier one. */
    void vend(String name, Answered answered) {
        String request = HexFormat.of().formatHex(clockwork.random(REQUEST_BYTES));
        calls.aside(new GatewayCall.Vend(run, epoch, name, request), answered);
    }

    void renew(String lease, Answered answered) {
        calls.aside(new GatewayCall.RenewLease(run, epoch, lease), answered);
    }

    /** @param answered run whatever the answer: a lease that nobody gives back ends with the instance */
    void giveBack(String lease, Runnable answered) {
        calls.aside(new GatewayCall.ReturnLease(run, epoch, lease), reply -> answered.run());
    }
}
