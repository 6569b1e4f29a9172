package dev.lantern.core.gateway;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.util.function.Consumer;

/** Where calls of instances arrive, whatever carried them. */
@FunctionalInterface
public interface GatewayDoor {

    /**
     * Answers a call, once, in any thread, possibly before this returns. Never blocks.
     *
     * @param secret what the caller proves itself with; as it was handed to the instance, decoded
     */
    void call(byte[] secret, GatewayCall call, Consumer<GatewayReply> reply);
}
