package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells the gateway that the owner it names does not answer, so that another host may take the run over. Says only what
 * was seen, one sending at a time and with pauses; whether it is enough is the host's to judge. One thread at a time.
 */
final class SilentOwner {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Longer than any transport waits; it covers the transport that lost track. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(30);

    private final RunRef run;
    private final int epoch;
    private final Route route;
    private final Transport transport;
    private final Clockwork clockwork;
    private int sending;
    private boolean underWay;

    SilentOwner(RunRef run, int epoch, Route route, Transport transport, Clockwork clockwork) {
        this.run = run;
        this.epoch = epoch;
        this.route = route;
        this.transport = transport;
        this.clockwork = clockwork;
    }

    /** Somebody said that the owner is at {@code address}. */
    void named(String address) {
        Optional<Route.Silence> silence = route.silenceOf(address);
        if (underWay || silence.isEmpty()) {
            return;
        }
        underWay = true;
        int self = ++sending;
        clockwork.later(FORGOTTEN, () -> over(self));
        transport.send(
                Optional.empty(),
                new GatewayCall.Unreachable(run, epoch, address, silence.get().tries(), route.lasts(silence.get())),
                outcome -> told(self, address, outcome));
    }

    private void told(int self, String address, Transport.Outcome outcome) {
        if (self != sending) {
            return;
        }
        if (outcome instanceof Transport.Outcome.Answered answer) {
            newOwner(answer.reply())
                    .filter(owner -> !owner.equals(address))
                    .ifPresent(owner -> route.ownerIsAt(Optional.of(owner)));
            if (answer.reply() instanceof GatewayReply.Alive) {
                // The owner itself: only the stable address leads to it.
                route.ownerIsAt(Optional.empty());
            }
        }
        clockwork.later(PAUSE, () -> over(self));
    }

    private static Optional<String> newOwner(GatewayReply reply) {
        return reply instanceof GatewayReply.Refused refused
                        && refused.problem().code() == Problem.Code.NOT_OWNER
                ? refused.problem().owner()
                : Optional.empty();
    }

    private void over(int self) {
        if (self == sending) {
            underWay = false;
        }
    }
}
