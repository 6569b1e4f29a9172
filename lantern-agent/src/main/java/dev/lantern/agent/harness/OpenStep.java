package dev.lantern.agent.harness;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StepId;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One step between its begin and its end, as this instance sees it. One thread at a time.
 *
 * <p>{@code Asked → Running → Completing | Failing}; a refused completion or failure goes back to Running.
 */
final class OpenStep {

    /** What the step waits for. */
    sealed interface State {}

    /** The gateway has not answered begin yet. */
    record Asked(List<Consumer<GatewayReply>> waiting) implements State {}

    /**
     * The agent has the word.
     *
     * @param begun how begin was answered
     * @param stepKey the step's idempotency key
     */
    record Running(GatewayReply begun, String stepKey) implements State {}

    /**
     * The completion is not acknowledged yet.
     *
     * @param content tells a repeat from another result
     */
    record Completing(Running before, Digest content, List<Consumer<GatewayReply>> waiting) implements State {}

    /** The failure is not acknowledged yet. */
    record Failing(Running before, List<Consumer<GatewayReply>> waiting) implements State {}

    private final StepId id;
    private final Effect effect;
    private final Optional<Opening> input;
    private final Optional<String> retryToken;
    private final List<ModelUsage> usage = new ArrayList<>();
    private final Set<String> usageReports = new LinkedHashSet<>();
    private State state = new Asked(new ArrayList<>());

    OpenStep(StepId id, Effect effect, Optional<Opening> input, Optional<String> retryToken) {
        this.id = id;
        this.effect = effect;
        this.input = input;
        this.retryToken = retryToken;
    }

    StepId id() {
        return id;
    }

    Effect effect() {
        return effect;
    }

    Optional<Opening> input() {
        return input;
    }

    State state() {
        return state;
    }

    void enter(State next) {
        state = next;
    }

    /** Whether {@code token} marks a repeat of the begin that opened this step. */
    boolean begunWith(Optional<String> token) {
        return token.isPresent() && token.equals(retryToken);
    }

    /** Adds usage once for each report. */
    void addUsage(String report, List<ModelUsage> used) {
        if (usageReports.add(report)) {
            usage.addAll(used);
        }
    }

    List<ModelUsage> usage() {
        return List.copyOf(usage);
    }

    /** Whether the step waits for its result and must not be run. */
    boolean hasHappened() {
        return state instanceof Running running && running.begun() instanceof GatewayReply.Happened;
    }

    /** For messages, after "step x is". */
    String situation() {
        if (state instanceof Asked) {
            return "being begun, and begin is not answered yet";
        } else if (state instanceof Completing) {
            return "being completed, and its completion is not acknowledged yet";
        } else if (state instanceof Failing) {
            return "being failed, and its failure is not acknowledged yet";
        }
        return "open";
    }
}
