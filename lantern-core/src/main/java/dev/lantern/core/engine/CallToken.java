package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply;

/** Where the answer to one call goes. Answering twice is a defect; the second answer is dropped by the caller. */
@FunctionalInterface
interface CallToken {
    void answer(GatewayReply reply);
}
