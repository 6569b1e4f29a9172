package dev.lantern.core.gateway;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.util.function.Consumer;

/** Where instances' calls arrive, however they were carried. Thread-safe; never blocks. */
@FunctionalInterface
public interface GatewayDoor {

    /**
     * Answers a call once, from any thread, maybe before this returns; never, if the host dies.
     *
     * @param presented what the caller proves itself with
     */
    void call(Presented presented, GatewayCall call, Consumer<GatewayReply> reply);
}
