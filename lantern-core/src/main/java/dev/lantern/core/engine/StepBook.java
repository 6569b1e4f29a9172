package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply.CompletedStep;
import dev.lantern.agent.wire.GatewayReply.DoubtfulStep;
import dev.lantern.agent.wire.StepId;
import dev.lantern.core.event.RunEvent;
import dev.lantern.value.LanternException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** What a run's chain says about its steps, folded. Immutable; what does not change is shared. */
final class StepBook {
    static final StepBook EMPTY = new StepBook(TreePMap.empty(), 0);

    private final TreePMap<StepId, StepState> states;
    private final int completed;

    private StepBook(TreePMap<StepId, StepState> states, int completed) {
        this.states = states;
        this.completed = completed;
    }

    // -- folding -------------------------------------------------------------------------------------------

    /** @param epoch the instance that began the step */
    StepBook started(RunEvent.StepStarted e, int epoch, long seq) {
        int attempt = find(e.step()).map(StepState::attempts).orElse(0) + 1;
        return with(
                e.step(),
                new StepState.Open(
                        e.effect(), epoch, new StepState.Begun(seq, e.input()), attempt, e.reservedTokens(), false));
    }

    StepBook completed(RunEvent.StepCompleted e, long seq) {
        int attempts = find(e.record().step()).map(StepState::attempts).orElse(1);
        StepState done = new StepState.Done(seq, e.record().input(), e.record().result(), Math.max(1, attempts));
        return new StepBook(states.plus(e.record().step(), done), completed + 1);
    }

    StepBook failed(RunEvent.StepFailed e) {
        return with(e.step(), afterFailure(states.get(e.step())));
    }

    /** @throws LanternException if the step was not in doubt: no correct host wrote that */
    StepBook resolved(RunEvent.StepResolved e) {
        if (!(states.get(e.step()) instanceof StepState.Open open)) {
            throw new LanternException("step " + e.step() + " was resolved though it was not in doubt");
        }
        return with(
                e.step(),
                e.happened()
                        ? new StepState.Happened(open.effect(), open.epoch(), open.begin(), open.attempts())
                        : new StepState.Again(open.attempts(), open.begun()));
    }

    private static StepState afterFailure(@Nullable StepState before) {
        if (before instanceof StepState.Open open) {
            // A body that threw may have had its effect all the same: only a resolution makes such a step runnable.
            return open.effect().beginIsDurable() ? open.doubted() : new StepState.Again(open.attempts(), open.begun());
        }
        if (before instanceof StepState.Happened) {
            // That its result could not be found out does not undo it.
            return before;
        }
        return before == null
                ? new StepState.Again(1, Optional.empty())
                : new StepState.Again(before.attempts() + 1, before.begun());
    }

    private StepBook with(StepId step, StepState state) {
        return new StepBook(states.plus(step, state), completed);
    }

    // -- what is folded ------------------------------------------------------------------------------------

    /** What the chain says of this step; empty if nothing. */
    Optional<StepState> find(StepId step) {
        return Optional.ofNullable(states.get(step));
    }

    /** As {@link #find}; a step that the chain does not know is one to be run for the first time. */
    StepState get(StepId step) {
        return find(step).orElse(StepState.Again.NEVER_BEGUN);
    }

    /** How many steps are done. */
    int completed() {
        return completed;
    }

    /** Tokens that open steps may still use. */
    long reservedTokens() {
        long sum = 0;
        for (StepState state : states.values()) {
            if (state instanceof StepState.Open open) {
                sum += open.reservedTokens();
            }
        }
        return sum;
    }

    /** The completed steps, in the order in which they were completed. */
    List<CompletedStep> inOrder() {
        record Placed(long seq, CompletedStep step) {}
        List<Placed> placed = new ArrayList<>(completed);
        for (Map.Entry<StepId, StepState> entry : states.entrySet()) {
            if (entry.getValue() instanceof StepState.Done done) {
                placed.add(new Placed(done.seq(), new CompletedStep(entry.getKey(), done.result())));
            }
        }
        placed.sort(Comparator.comparingLong(Placed::seq));
        return placed.stream().map(Placed::step).toList();
    }

    /**
     * The steps that were begun by an earlier instance, must not be run twice, and were never settled.
     *
     * @param newest the run's epoch
     */
    List<DoubtfulStep> inDoubt(int newest) {
        List<DoubtfulStep> doubtful = new ArrayList<>();
        for (Map.Entry<StepId, StepState> entry : states.entrySet()) {
            if (entry.getValue() instanceof StepState.Open open && open.inDoubt(newest)) {
                doubtful.add(new DoubtfulStep(entry.getKey(), open.effect(), open.epoch(), open.attempts()));
            }
        }
        return doubtful;
    }
}
