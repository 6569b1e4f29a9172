package dev.lantern.testkit.contract;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.Presented;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets everybody enrol and accepts what it is given. */
final class FriendlyHost implements GatewayDoor {

    @Override
    public void call(Presented presented, GatewayCall call, Consumer<GatewayReply> reply) {
        if (call instanceof GatewayCall.Enrol) {
            Opening input = Opening.of("application/json", new byte[32], new byte[] {'{', '}'});
            reply.accept(new GatewayReply.Enrolled(
                    1, Duration.ofSeconds(5), Optional.empty(), new GatewayReply.Resume(input, List.of(), List.of())));
        } else if (call instanceof GatewayCall.Heartbeat) {
            reply.accept(new GatewayReply.Alive(false));
        } else {
            reply.accept(new GatewayReply.Accepted(1, Digest.sha256(new byte[0])));
        }
    }
}
