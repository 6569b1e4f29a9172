package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps what was sent; the test decides what becomes of it. */
final class ScriptedTransport implements Transport {
    /** One sending. */
    record Sent(Optional<String> to, GatewayCall call, Consumer<Outcome> outcome, ManualClockwork clockwork) {
        void answer(GatewayReply reply) {
            tell(new Outcome.Answered(reply));
        }

        void refuse(Problem.Code code) {
            answer(new GatewayReply.Refused(Problem.of(code, "because the test says so")));
        }

        void notOwner(String owner) {
            answer(new GatewayReply.Refused(
                    new Problem(Problem.Code.NOT_OWNER, "another host owns it", Optional.ofNullable(owner))));
        }

        void lose() {
            tell(new Outcome.Lost("the test says so"));
        }

        private void tell(Outcome what) {
            clockwork.soon(() -> outcome.accept(what));
            clockwork.settle();
        }
    }

    private final ManualClockwork clockwork;
    private final List<Sent> sent = new ArrayList<>();

    ScriptedTransport(ManualClockwork clockwork) {
        this.clockwork = clockwork;
    }

    @Override
    public void send(Optional<String> owner, GatewayCall call, Consumer<Outcome> outcome) {
        sent.add(new Sent(owner, call, outcome, clockwork));
    }

    int count() {
        return sent.size();
    }

    Sent sent(int index) {
        return sent.get(index);
    }

    Sent last() {
        return sent.get(sent.size() - 1);
    }

    <T extends GatewayCall> T last(Class<T> type) {
        return type.cast(last().call());
    }

    /** The sending of this kind of call with this number, from 0. */
    Sent last(Class<? extends GatewayCall> type, int number) {
        return sent.stream()
                .filter(one -> type.isInstance(one.call()))
                .skip(number)
                .findFirst()
                .orElseThrow();
    }

    long count(Class<? extends GatewayCall> type) {
        return sent.stream().filter(one -> type.isInstance(one.call())).count();
    }
}
