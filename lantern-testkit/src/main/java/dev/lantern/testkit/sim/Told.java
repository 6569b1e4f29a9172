package dev.lantern.testkit.sim;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.substrate.InstanceRef;

/** Calls and replies in words, for timelines. */
final class Told {
    private Told() {}

    static String call(InstanceRef from, GatewayCall call) {
        String what = from + " " + call.getClass().getSimpleName();
        if (call instanceof GatewayCall.Begin begin) {
            return what + " " + begin.step() + " " + begin.effect();
        } else if (call instanceof GatewayCall.Complete complete) {
            return what + " " + complete.record().step();
        } else if (call instanceof GatewayCall.Fail fail) {
            return what + " " + fail.step();
        } else if (call instanceof GatewayCall.Resolve resolve) {
            return what + " " + resolve.step() + (resolve.happened() ? " happened" : " did not happen");
        }
        if (call instanceof GatewayCall.Unreachable unreachable) {
            return what + " " + unreachable.owner() + ", " + unreachable.tries() + " tries in " + unreachable.silence();
        }
        return what;
    }

    static String reply(GatewayReply reply) {
        if (reply instanceof GatewayReply.Accepted accepted) {
            return "Accepted at " + accepted.seq();
        } else if (reply instanceof GatewayReply.Refused refused) {
            return "Refused " + refused.problem().code() + ": "
                    + refused.problem().detail();
        } else if (reply instanceof GatewayReply.RunIt run) {
            return "RunIt, attempt " + run.attempt();
        } else if (reply instanceof GatewayReply.Alive alive) {
            return alive.stop() ? "Alive, stop" : "Alive";
        }
        return reply.getClass().getSimpleName();
    }
}
