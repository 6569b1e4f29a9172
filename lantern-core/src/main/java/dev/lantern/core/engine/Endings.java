package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.core.event.RunEvent.Budget;
import dev.lantern.substrate.InstanceEnd;

/** What is recorded of an instance's end, whoever tells of it. */
final class Endings {
    private final EngineSettings settings;

    Endings(EngineSettings settings) {
        this.settings = settings;
    }

    static boolean isCurrent(Turn turn, int epoch) {
        return turn.state()
                .instance()
                .map(instance -> instance.epoch() == epoch)
                .orElse(false);
    }

    /** Somebody who can see it says that the instance of this epoch has ended. Of an earlier one that is no news. */
    void ended(Turn turn, Vitals vitals, int epoch, InstanceEnd end) {
        if (!isCurrent(turn, epoch)) {
            return;
        }
        vitals.agentEnded(true);
        if (turn.state().outcome().isEmpty()) {
            current(turn, end);
        } else if (end instanceof InstanceEnd.Violated violated
                && !turn.state().instance().orElseThrow().violated()) {
            // It changes nothing any more, and whoever reads the chain must see it.
            turn.record(new RunEvent.BoundaryViolated(violated.checkpoint(), violated.violations()));
        }
    }

    /** The current instance is given up. */
    void lose(Turn turn, String cause, Budget budget, boolean forGood) {
        Instance instance = turn.state().instance().orElseThrow();
        int tries = turn.state().failures(budget) + 1;
        boolean lastTry = tries >= settings.tries(budget);
        String said = lastTry && tries > 1 ? cause + "; it was try " + tries + " of " + settings.tries(budget) : cause;
        turn.record(new RunEvent.InstanceLost(instance.epoch(), said, budget, forGood || lastTry));
    }

    private void current(Turn turn, InstanceEnd end) {
        Instance instance = turn.state().instance().orElseThrow();
        if (end instanceof InstanceEnd.Exited exited && exited.code() == 0 && instance.enrolled()) {
            turn.record(new RunEvent.EndedWithoutOutput(0));
        } else if (end instanceof InstanceEnd.Exited && instance.enrolled()) {
            lose(turn, end.describe(), Budget.AGENT, false);
        } else if (end instanceof InstanceEnd.Violated violated) {
            turn.record(new RunEvent.BoundaryViolated(violated.checkpoint(), violated.violations()));
            // Of a run that has done nothing yet nothing is lost, and whoever broke the boundary will break it again.
            lose(turn, end.describe(), Budget.INFRASTRUCTURE, turn.state().instances() == 1);
        } else if (end instanceof InstanceEnd.StartFailed failed) {
            lose(turn, end.describe(), Budget.INFRASTRUCTURE, failed.forGood());
        } else {
            lose(turn, end.describe(), Budget.INFRASTRUCTURE, false);
        }
    }
}
