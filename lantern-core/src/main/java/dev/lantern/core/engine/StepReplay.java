package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.agent.wire.StepId;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.util.List;
import java.util.Optional;

/** Holds the begin of a step that the journal knows against its event: never answered for another input. */
final class StepReplay {
    private StepReplay() {}

    /** The answer to the begin of a completed step: the recorded result, if the input is the same. */
    static GatewayReply answer(ChainReader reader, RunRef run, long key, GatewayCall.Begin call, long seq) {
        ChainReader.Placed placed = reader.at(run, key, seq);
        if (!(placed.event() instanceof RunEvent.StepCompleted completed)) {
            throw new LanternException("event " + seq + " of run " + run + " does not complete a step");
        }
        Commitment result = completed.record().result();
        List<StoredOpening> openings = placed.openings();
        Optional<Commitment> input = completed.record().input();
        if (input.isPresent() != call.input().isPresent()) {
            return diverged(divergence(call.step()));
        }
        if (openings.isEmpty()) {
            return new GatewayReply.Erased(result);
        }
        if (input.isPresent() && !same(openings.get(0), call, input.get())) {
            return diverged(divergence(call.step()));
        }
        return reader.open(run, key, openings.get(openings.size() - 1), result)
                .<GatewayReply>map(GatewayReply.Recorded::new)
                .orElseGet(() -> new GatewayReply.Erased(result));
    }

    /**
     * Why a step that was begun at {@code seq} and has no result yet may not be begun like this; empty if its input is
     * the same. Once that input was erased nobody can tell, and an answer could be one for another input.
     */
    static Optional<Problem> divergence(ChainReader reader, RunRef run, long key, GatewayCall.Begin call, long seq) {
        ChainReader.Placed placed = reader.at(run, key, seq);
        if (!(placed.event() instanceof RunEvent.StepStarted started)) {
            throw new LanternException("event " + seq + " of run " + run + " does not begin a step");
        }
        if (placed.openings().isEmpty()) {
            return Optional.of(Problem.of(
                    Problem.Code.DIVERGED,
                    "the input that step " + call.step() + " was begun with was erased: whether this one is the same"
                            + " cannot be told"));
        }
        return same(placed.openings().get(0), call, started.input().orElseThrow())
                ? Optional.empty()
                : Optional.of(Problem.of(Problem.Code.DIVERGED, divergence(call.step())));
    }

    static String divergence(StepId step) {
        return "step " + step + " is recorded with another input: the agent took another path than before. "
                + "Give steps whose input may differ a key, and derive inputs only from recorded results";
    }

    /** Equality without the recorded bytes: the new bytes, under the recorded salt, give the recorded commitment. */
    private static boolean same(StoredOpening recorded, GatewayCall.Begin begun, Commitment commitment) {
        return recorded.matches(
                commitment,
                begun.input().orElseThrow().mediaType(),
                begun.input().orElseThrow().bytes());
    }

    private static GatewayReply diverged(String detail) {
        return new GatewayReply.Refused(Problem.of(Problem.Code.DIVERGED, detail));
    }
}
