package dev.lantern.agent.harness;

import dev.lantern.agent.wire.GatewayReply;

/** Told what a call was answered. */
interface Answered {
    /** @param askedAt when the sending was made that this answers, on the clockwork's clock */
    void told(GatewayReply reply, long askedAt);
}
