package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;

/** Loses, duplicates, delays; sometimes the owner answers that it cannot now. */
final class LossyNetwork implements Transport {
    private final Random chance;
    private final ManualClockwork clockwork;
    private final Function<GatewayCall, GatewayReply> owner;
    private final List<String> log = new ArrayList<>();
    private long sendings;

    LossyNetwork(long seed, ManualClockwork clockwork, Function<GatewayCall, GatewayReply> owner) {
        this.chance = new Random(seed);
        this.clockwork = clockwork;
        this.owner = owner;
    }

    long sendings() {
        return sendings;
    }

    /** What was sent when. */
    List<String> log() {
        return log;
    }

    @Override
    public void send(Optional<String> to, GatewayCall call, Consumer<Outcome> outcome) {
        sendings++;
        log.add(clockwork.elapsed() + " " + call.getClass().getSimpleName());
        int copies = chance.nextInt(10) == 0 ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
            if (chance.nextInt(4) > 0) {
                clockwork.later(delay(), () -> arrives(call, outcome));
            } else if (chance.nextBoolean()) {
                clockwork.later(delay(), () -> outcome.accept(new Outcome.Lost("request")));
            }
        }
    }

    private void arrives(GatewayCall call, Consumer<Outcome> outcome) {
        GatewayReply reply = chance.nextInt(8) == 0
                ? new GatewayReply.Refused(Problem.of(Problem.Code.UNAVAILABLE, "not now"))
                : owner.apply(call);
        int fate = chance.nextInt(4);
        if (fate == 0) {
            clockwork.later(delay(), () -> outcome.accept(new Outcome.Lost("answer")));
        } else {
            clockwork.later(delay(), () -> outcome.accept(new Outcome.Answered(reply)));
        }
        if (fate == 1) {
            clockwork.later(delay(), () -> outcome.accept(new Outcome.Answered(reply)));
        }
    }

    private Duration delay() {
        return Duration.ofMillis(chance.nextInt(100) == 0 ? 40_000 : chance.nextInt(400));
    }
}
