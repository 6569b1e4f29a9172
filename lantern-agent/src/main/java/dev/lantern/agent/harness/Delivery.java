package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Delivers the run's output, once. One thread at a time. */
final class Delivery {
    private final RunRef run;
    private final int epoch;
    private final Calls calls;
    private final InstanceSigner signer;
    private final Salts salts;
    private final LastHead head;
    private final List<Consumer<GatewayReply>> waiting = new ArrayList<>();
    private Optional<Digest> content = Optional.empty();
    private Optional<GatewayReply.Accepted> accepted = Optional.empty();

    Delivery(RunRef run, int epoch, Calls calls, InstanceSigner signer, Salts salts, LastHead head) {
        this.run = run;
        this.epoch = epoch;
        this.calls = calls;
        this.signer = signer;
        this.salts = salts;
        this.head = head;
    }

    /** Whether the agent has handed over an output, acknowledged or not. */
    boolean begun() {
        return content.isPresent();
    }

    boolean durable() {
        return accepted.isPresent();
    }

    void deliver(Payload output, Consumer<GatewayReply> answer) {
        Digest offered = Salts.content(output);
        if (content.isPresent() && !content.get().equals(offered)) {
            answer.accept(Refusals.of(
                    Problem.Code.CONFLICT, "this instance has delivered another output; the first one stands"));
        } else if (accepted.isPresent()) {
            answer.accept(accepted.get());
        } else {
            waiting.add(answer);
            if (content.isEmpty()) {
                content = Optional.of(offered);
                send(output);
            }
        }
    }

    private void send(Payload output) {
        Opening opening = salts.salted(output);
        OutputRecord record = new OutputRecord(run, epoch, opening.commitment());
        byte[] signature = signer.sign(record.signedBytes());
        calls.make(new GatewayCall.Output(run, epoch, record, signature, opening), this::answered);
    }

    private void answered(GatewayReply reply) {
        GatewayReply answer = reply;
        if (reply instanceof GatewayReply.Accepted durable) {
            head.acknowledged(durable);
            accepted = Optional.of(durable);
        } else {
            content = Optional.empty();
            answer = reply instanceof GatewayReply.Refused ? reply : Refusals.unexpected("output", reply);
        }
        List<Consumer<GatewayReply>> told = new ArrayList<>(waiting);
        waiting.clear();
        for (Consumer<GatewayReply> one : told) {
            one.accept(answer);
        }
    }
}
