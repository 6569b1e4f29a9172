package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import java.util.function.Consumer;

/** Where instances' calls come in. */
@FunctionalInterface
interface Door {
    void call(byte[] secret, GatewayCall call, Consumer<GatewayReply> reply);
}
