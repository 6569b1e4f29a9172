package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;

/** The answers that say no. */
final class Replies {
    private Replies() {}

    static GatewayReply refused(Problem.Code code, String detail) {
        return new GatewayReply.Refused(Problem.of(code, detail));
    }

    /** Not now: the same call may succeed later. */
    static GatewayReply unavailable(String detail) {
        return refused(Problem.Code.UNAVAILABLE, detail);
    }
}
