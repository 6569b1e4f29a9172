package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.Optional;

/** Answers the begin of a completed step from its event: the recorded result, if the input is the same. */
final class StepReplay {
    private StepReplay() {}

    static GatewayReply answer(ChainReader reader, RunRef run, long key, GatewayCall.Begin call, long seq) {
        ChainReader.Placed placed = reader.at(run, key, seq);
        if (!(placed.event() instanceof RunEvent.StepCompleted completed)) {
            throw new LanternException("event " + seq + " of run " + run + " does not complete a step");
        }
        Commitment result = completed.record().result();
        List<StoredOpening> openings = placed.openings();
        Optional<Commitment> input = completed.record().input();
        if (input.isPresent() != call.input().isPresent()) {
            return diverged(call);
        }
        if (openings.isEmpty()) {
            return new GatewayReply.Erased(result);
        }
        if (input.isPresent() && !sameInput(openings.get(0), call.input().orElseThrow(), input.get())) {
            return diverged(call);
        }
        return reader.open(run, key, openings.get(openings.size() - 1), result)
                .<GatewayReply>map(GatewayReply.Recorded::new)
                .orElseGet(() -> new GatewayReply.Erased(result));
    }

    /** Equality without the recorded bytes: the new bytes, under the recorded salt, give the recorded commitment. */
    private static boolean sameInput(StoredOpening recorded, Opening begun, Commitment commitment) {
        return Opening.of(begun.mediaType(), recorded.salt(), begun.bytes())
                .commitment()
                .equals(commitment);
    }

    private static GatewayReply diverged(GatewayCall.Begin call) {
        return new GatewayReply.Refused(Problem.of(
                Problem.Code.DIVERGED,
                "step " + call.step() + " is recorded with another input: the agent took another path than before. "
                        + "Give steps whose input may differ a key, and derive inputs only from recorded results"));
    }
}
