package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import java.util.ArrayList;
import java.util.List;

/** The answers that say no. */
final class Replies {
    private Replies() {}

    static GatewayReply refused(Problem.Code code, String detail) {
        return new GatewayReply.Refused(Problem.of(code, detail));
    }

    /** What this call of an instance comes to by the chain alone, for who does not own the run: nothing is written. */
    static GatewayReply toInstance(Surroundings host, Folded folded, Stimulus.Called called) {
        List<GatewayReply> replies = new ArrayList<>();
        Stimulus.Called listening = new Stimulus.Called(replies::add, called.proof(), called.call());
        Decision decision = host.decisions()
                .decide(folded.state(), folded.head().seq(), new Vitals(host.now()), listening, host.now());
        decision.acts().forEach(act -> {
            if (act instanceof Act.Reply reply) {
                reply.token().answer(reply.reply());
            } else if (act instanceof Act.Accept accept) {
                accept.token()
                        .answer(new GatewayReply.Accepted(
                                folded.head().seq(), folded.head().hash()));
            } else if (act instanceof Act.TellOperator tell) {
                host.refused(folded.row().run(), tell);
            }
        });
        return replies.isEmpty()
                ? refused(Problem.Code.RUN_ENDED, "run " + folded.row().run() + " has ended")
                : replies.get(0);
    }

    /** There is no such run, or nothing is left of it by which a caller could prove itself. */
    static GatewayReply unknownRun(Surroundings host, Stimulus.Called called) {
        host.refused(
                called.call().run(),
                new Act.TellOperator(
                        Strangers.RUN,
                        called.call().epoch(),
                        "no journal of this host knows the run, or not any more"));
        return refused(Problem.Code.UNKNOWN_INSTANCE, Strangers.ANSWER);
    }

    /** Not now: the same call may succeed later. */
    static GatewayReply unavailable(String detail) {
        return refused(Problem.Code.UNAVAILABLE, detail);
    }
}
