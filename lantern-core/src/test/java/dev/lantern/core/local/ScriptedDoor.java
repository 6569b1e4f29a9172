package dev.lantern.core.local;

import dev.lantern.agent.wire.Confidential;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.Presented;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A host that says yes to everything and remembers what it was asked. Thread-safe. */
final class ScriptedDoor implements GatewayDoor {
    private static final Digest HASH = Digest.sha256("head".getBytes(StandardCharsets.UTF_8));

    private final Object lock = new Object();
    private final List<GatewayCall> calls = new ArrayList<>();
    private final Opening input;
    private Duration heartbeat = Duration.ofSeconds(5);
    private Optional<GatewayReply> enrolAnswer = Optional.empty();
    private Optional<GatewayReply> beginAnswer = Optional.empty();
    private Optional<GatewayReply> outputAnswer = Optional.empty();
    private Optional<GatewayReply> vendAnswer = Optional.empty();
    private List<String> secrets = List.of();

    ScriptedDoor(String input) {
        this.input = Opening.of("application/json", new byte[32], input.getBytes(StandardCharsets.UTF_8));
    }

    ScriptedDoor heartbeatEvery(Duration period) {
        heartbeat = period;
        return this;
    }

    ScriptedDoor answeringEnrol(GatewayReply reply) {
        enrolAnswer = Optional.of(reply);
        return this;
    }

    ScriptedDoor answeringBegin(GatewayReply reply) {
        beginAnswer = Optional.of(reply);
        return this;
    }

    /** A secret of the spec, and what it is vended as. */
    ScriptedDoor granting(String name, String value) {
        secrets = List.of(name);
        return answeringVend(new GatewayReply.Vended(
                "lease-1", Confidential.of(value.getBytes(StandardCharsets.UTF_8)), Duration.ofMinutes(5)));
    }

    ScriptedDoor answeringVend(GatewayReply reply) {
        vendAnswer = Optional.of(reply);
        return this;
    }

    ScriptedDoor answeringOutput(GatewayReply reply) {
        outputAnswer = Optional.of(reply);
        return this;
    }

    @Override
    public void call(Presented presented, GatewayCall call, Consumer<GatewayReply> reply) {
        synchronized (lock) {
            calls.add(call);
        }
        reply.accept(answer(call));
    }

    /** What was asked, heartbeats left out. */
    List<GatewayCall> calls() {
        synchronized (lock) {
            return calls.stream()
                    .filter(call -> !(call instanceof GatewayCall.Heartbeat))
                    .toList();
        }
    }

    int heartbeats(InstanceRef instance) {
        synchronized (lock) {
            return (int) calls.stream()
                    .filter(call -> call instanceof GatewayCall.Heartbeat
                            && call.run().equals(instance.run())
                            && call.epoch() == instance.epoch())
                    .count();
        }
    }

    /** The outputs that came, as text. */
    List<String> outputs() {
        return calls().stream()
                .filter(GatewayCall.Output.class::isInstance)
                .map(call -> new String(((GatewayCall.Output) call).output().bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private GatewayReply answer(GatewayCall call) {
        if (call instanceof GatewayCall.Enrol) {
            return enrolAnswer.orElseGet(() -> new GatewayReply.Enrolled(
                    secrets.isEmpty() ? 1 : 3,
                    heartbeat,
                    Optional.empty(),
                    new GatewayReply.Resume(input, List.of(), List.of()),
                    Optional.empty(),
                    secrets));
        } else if (call instanceof GatewayCall.Begin) {
            return beginAnswer.orElse(new GatewayReply.RunIt("key-1", 1));
        } else if (call instanceof GatewayCall.Heartbeat) {
            return new GatewayReply.Alive(false);
        } else if (call instanceof GatewayCall.Vend) {
            return vendAnswer.orElseThrow();
        } else if (call instanceof GatewayCall.Output) {
            return outputAnswer.orElseGet(ScriptedDoor::accepted);
        }
        return accepted();
    }

    private static GatewayReply accepted() {
        return new GatewayReply.Accepted(1, HASH);
    }
}
