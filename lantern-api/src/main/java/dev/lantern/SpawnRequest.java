package dev.lantern;

import dev.lantern.run.AgentRun;
import dev.lantern.run.RunLabels;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Limits;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What is to be spawned. Immutable: each method answers a new request. {@link #on} is the only act. */
public final class SpawnRequest {
    private static final String DEFAULT_TENANT = "default";

    private final AgentSpec spec;
    private final String tenant;
    private final Optional<String> runId;
    private final Optional<Object> input;
    private final UnaryOperator<Limits> narrowing;
    private final RunLabels labels;

    private SpawnRequest(
            AgentSpec spec,
            String tenant,
            Optional<String> runId,
            Optional<Object> input,
            UnaryOperator<Limits> narrowing,
            RunLabels labels) {
        this.spec = spec;
        this.tenant = tenant;
        this.runId = runId;
        this.input = input;
        this.narrowing = narrowing;
        this.labels = labels;
    }

    static SpawnRequest of(AgentSpec spec) {
        return new SpawnRequest(
                Objects.requireNonNull(spec, "spec"),
                DEFAULT_TENANT,
                Optional.empty(),
                Optional.empty(),
                UnaryOperator.identity(),
                RunLabels.none());
    }

    /** For whom it runs; {@code default} unless said. */
    public SpawnRequest tenant(String name) {
        return new SpawnRequest(spec, Objects.requireNonNull(name, "name"), runId, input, narrowing, labels);
    }

    /**
     * The run's id, which is the idempotency key within the tenant: the same id with the same request attaches to
     * the run that stands. A random one is made unless said.
     */
    public SpawnRequest runId(String id) {
        return new SpawnRequest(spec, tenant, Optional.of(id), input, narrowing, labels);
    }

    /** The agent's input, encoded by the runtime's codec; a {@link dev.lantern.value.Payload} is taken as it is. */
    public SpawnRequest input(Object value) {
        return new SpawnRequest(spec, tenant, runId, Optional.of(value), narrowing, labels);
    }

    /** Narrows the spec's limits for this run. Widening one is refused when the run is spawned. */
    public SpawnRequest limits(UnaryOperator<Limits> change) {
        Objects.requireNonNull(change, "change");
        return new SpawnRequest(spec, tenant, runId, input, limits -> change.apply(narrowing.apply(limits)), labels);
    }

    /**
     * A label by which the run is found later, beside those of the spec's {@code metadata.labels}, of which it replaces
     * one of the same name. Labels are no part of what makes two requests the same: a request that attaches to a run
     * that stands leaves the run's labels as they are.
     *
     * @throws dev.lantern.value.LanternException if the label breaks the rules of {@link RunLabels#with}
     */
    public SpawnRequest label(String name, String value) {
        return new SpawnRequest(spec, tenant, runId, input, narrowing, labels.with(name, value));
    }

    /** The spec to run, with its own limits. */
    public AgentSpec spec() {
        return spec;
    }

    /** The tenant that the run belongs to. */
    public String tenant() {
        return tenant;
    }

    /** The run id; empty if the runtime is to make one. */
    public Optional<String> runId() {
        return runId;
    }

    /** The input as it was given: {@link #on} encodes it, nothing before. */
    public Optional<Object> input() {
        return input;
    }

    /** The labels that were given to this request, the spec's not among them. */
    public RunLabels labels() {
        return labels;
    }

    /** What the limits of this run are, given the spec's. */
    public UnaryOperator<Limits> narrowing() {
        return narrowing;
    }

    /**
     * Spawns the run. When this returns the run is durable and its host looks after it, whatever happens to the
     * caller. A run of this tenant and id that stands already, with the same spec, input and limits, is attached to.
     *
     * @throws RunConflictException if such a run stands and was spawned with something else
     * @throws dev.lantern.run.RunDisposedException if such a run was deleted, or its input erased, so that nobody can say
     *     whether this request is the same
     * @throws dev.lantern.value.LanternException if the run could not be made durable; whether it was is then
     *     unknown, and repeating the call with the same run id is safe
     */
    public AgentRun on(LanternRuntime runtime) {
        return runtime.spawn(this);
    }
}
