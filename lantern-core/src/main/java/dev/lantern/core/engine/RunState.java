package dev.lantern.core.engine;

import dev.lantern.core.event.RunEvent;
import dev.lantern.core.event.RunEvent.Budget;
import dev.lantern.core.gate.Strength;
import dev.lantern.gate.NodeId;
import dev.lantern.run.RunStatus;
import dev.lantern.spec.AgentSpec;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Everything a run's chain says, folded: state × event → state. Immutable; a host, a verifier and a test that
 * fold the same chain hold equal states.
 */
final class RunState {
    private static final TreePMap<String, Boolean> NO_REPORTS = TreePMap.empty();
    private static final TreePMap<String, Instant> NO_REFUSALS = TreePMap.empty();
    private static final TreePMap<Integer, Digest> NO_SECRETS = TreePMap.empty();
    private static final TreePMap<Integer, String> NO_KEYS = TreePMap.empty();
    private static final TreePMap<String, Suspect> NO_SUSPECTS = TreePMap.empty();

    private final RunRef run;
    private final AgentSpec spec;
    private final Digest request;
    private final Commitment input;
    private final String traceId;
    private final Instant createdAt;

    // What follows changes from event to event, in a copy that is not shared until the fold is done.
    private RunStatus status = RunStatus.PENDING;
    private int epoch;
    private int instances;
    private Instant lastEventAt;
    private @Nullable Instant adoptedAt;
    private @Nullable Strength strength;
    private @Nullable Instance instance;
    private @Nullable Instant lostAt;
    private @Nullable Instant gateRefusedSince;
    private @Nullable RunOutcome outcome;
    private @Nullable Instant decidedAt;
    private boolean sealed;
    private int infrastructureFailures;
    private int agentFailures;
    private StepBook steps = StepBook.EMPTY;
    private TreePMap<String, Boolean> reports = NO_REPORTS;
    private TreePMap<Integer, Digest> secrets = NO_SECRETS;
    private TreePMap<Integer, String> keys = NO_KEYS;
    private LeaseBook leases = LeaseBook.EMPTY;
    private TreePMap<String, Instant> refusals = NO_REFUSALS;
    /** By UID. */
    private TreePMap<String, Suspect> suspects = NO_SUSPECTS;

    private UsageTotals usage = UsageTotals.NONE;

    private RunState(RunRef run, RunEvent.RunCreated created, Instant time) {
        this.run = run;
        this.spec = created.spec();
        this.request = created.request();
        this.input = created.input();
        this.traceId = created.traceId();
        this.createdAt = time;
        this.lastEventAt = time;
    }

    private RunState(RunState from) {
        run = from.run;
        spec = from.spec;
        request = from.request;
        input = from.input;
        traceId = from.traceId;
        createdAt = from.createdAt;
        status = from.status;
        epoch = from.epoch;
        instances = from.instances;
        lastEventAt = from.lastEventAt;
        adoptedAt = from.adoptedAt;
        strength = from.strength;
        instance = from.instance;
        lostAt = from.lostAt;
        gateRefusedSince = from.gateRefusedSince;
        outcome = from.outcome;
        decidedAt = from.decidedAt;
        secrets = from.secrets;
        keys = from.keys;
        leases = from.leases;
        sealed = from.sealed;
        infrastructureFailures = from.infrastructureFailures;
        agentFailures = from.agentFailures;
        steps = from.steps;
        reports = from.reports;
        refusals = from.refusals;
        suspects = from.suspects;
        usage = from.usage;
    }

    /** The state after a chain's first event. */
    static RunState first(RunRef run, RunEvent event, Instant time) {
        if (event instanceof RunEvent.RunCreated created) {
            return new RunState(run, created, time);
        }
        throw new LanternException(
                "the chain of run " + run + " begins with " + event.kind() + "; it must begin with run_created");
    }

    /**
     * The state after one more event.
     *
     * @param seq the event's place in the chain
     * @throws LanternException if the event cannot follow: the chain was not written by a correct host
     */
    RunState apply(RunEvent event, long seq, Instant time) {
        if (sealed) {
            throw new LanternException("event " + seq + " (" + event.kind() + ") of run " + run + " follows the seal");
        }
        RunState next = new RunState(this);
        next.lastEventAt = time;
        next.fold(event, seq, time);
        return next;
    }

    private void fold(RunEvent event, long seq, Instant time) {
        if (event instanceof RunEvent.StepCompleted e) {
            steps = steps.completed(e, seq);
            usage = usage.plus(e.record().usage());
        } else if (event instanceof RunEvent.StepStarted e) {
            steps = steps.started(e, epoch, seq);
        } else if (event instanceof RunEvent.StepFailed e) {
            steps = steps.failed(e);
        } else if (event instanceof RunEvent.StepResolved e) {
            steps = steps.resolved(e);
        } else if (event instanceof RunEvent.UsageRecorded e) {
            reports = reports.plus(e.report(), Boolean.TRUE);
            usage = usage.plus(e.usage());
        } else if (event instanceof RunEvent.AnomalyDetected e) {
            refusals = refusals.plus(e.reason(), time);
            if (e.reason().equals(RunEvent.AnomalyDetected.GATE_REFUSED)
                    && lostAt != null
                    && gateRefusedSince == null) {
                gateRefusedSince = time;
            }
        } else if (event instanceof RunEvent.GatePassed e) {
            strength = new Strength(e.isolation(), e.handler());
        } else if (event instanceof RunEvent.InstanceStarted e) {
            // Every later epoch was raised by the loss before it.
            epoch = Math.max(1, epoch);
            instances++;
            secrets = secrets.plus(epoch, e.secret());
            instance = Instance.started(epoch, e.secret(), time);
            lostAt = null;
            gateRefusedSince = null;
            status = epoch == 1 ? RunStatus.STARTING : RunStatus.RESUMING;
        } else if (event instanceof RunEvent.InstanceEnrolled e) {
            instance = requireInstance(event).enrolled(e.publicKey());
            keys = keys.plus(instance.epoch(), e.publicKey());
            status = RunStatus.RUNNING;
        } else if (event instanceof RunEvent.BoundaryVerified e) {
            instance = requireInstance(event).verified(e);
        } else if (event instanceof RunEvent.BoundaryViolated) {
            instance = requireInstance(event).withViolation();
        } else if (event instanceof RunEvent.InstanceLost e) {
            lose(e, time);
        } else if (event instanceof RunEvent.InstanceStopped) {
            instance = null;
        } else if (event instanceof RunEvent.SecretVended e) {
            leases = leases.vended(e, requireInstance(event).epoch());
        } else if (event instanceof RunEvent.LeaseClosed e) {
            leases = leases.closed(e);
        } else if (event instanceof RunEvent.SecretRefused e) {
            refusals = refusals.plus(e.reason(), time);
            if (e.decides()) {
                decide(new RunOutcome.Failure(e.says()), time);
            }
        } else if (event instanceof RunEvent.ResultReady e) {
            decide(new RunOutcome.Success(seq, Optional.of(e.record().output())), time);
        } else if (event instanceof RunEvent.EndedWithoutOutput) {
            decide(new RunOutcome.Success(seq, Optional.empty()), time);
        } else if (event instanceof RunEvent.JournalRegressed e) {
            decide(
                    new RunOutcome.Failure("journal_regressed: event " + e.seq()
                            + " was acknowledged and the journal no longer holds it"),
                    time);
        } else if (event instanceof RunEvent.ResumeRefused e) {
            decide(new RunOutcome.Failure(e.reason()), time);
        } else if (event instanceof RunEvent.RunAdopted) {
            adoptedAt = time;
        } else if (event instanceof RunEvent.CancelRequested e) {
            decide(new RunOutcome.Cancel(e.reason()), time);
        } else if (event instanceof RunEvent.LimitExceeded e) {
            decide(new RunOutcome.Limit(e.limit(), e.used(), e.allowed()), time);
        } else if (event instanceof RunEvent.RunRefused e) {
            outcome = new RunOutcome.Refusal(e.violations());
            seal(RunStatus.REFUSED);
        } else if (event instanceof RunEvent.RunSucceeded) {
            seal(RunStatus.SUCCEEDED);
        } else if (event instanceof RunEvent.RunFailed e) {
            outcome = new RunOutcome.Failure(e.reason());
            seal(RunStatus.FAILED);
        } else if (event instanceof RunEvent.RunCancelled) {
            seal(RunStatus.CANCELLED);
        } else if (event instanceof RunEvent.RunLimitExceeded) {
            seal(RunStatus.LIMIT_EXCEEDED);
        } else if (event instanceof RunEvent.RunCreated) {
            throw new LanternException("event " + seq + " of run " + run + " creates it a second time");
        }
        // run_resumed records from where work goes on, rotation_owed what is folded already: they change nothing.
    }

    private void lose(RunEvent.InstanceLost e, Instant time) {
        if (e.budget() == Budget.INFRASTRUCTURE && instance != null) {
            instance.node().ifPresent(node -> suspects = suspects.plus(node.uid(), new Suspect(node, time)));
        }
        // The epoch rises with the loss itself, so that the old identity is dead in the same append.
        instance = null;
        epoch = e.lost() + 1;
        lostAt = time;
        gateRefusedSince = null;
        if (e.budget() == Budget.AGENT) {
            agentFailures++;
        } else {
            infrastructureFailures++;
        }
        if (outcome == null) {
            status = RunStatus.RESUMING;
        }
        if (e.exhausted()) {
            decide(new RunOutcome.Failure(e.cause()), time);
        }
    }

    private void decide(RunOutcome decided, Instant time) {
        if (outcome == null) {
            outcome = decided;
            decidedAt = time;
            status = RunStatus.STOPPING;
        }
    }

    private void seal(RunStatus terminal) {
        status = terminal;
        instance = null;
        sealed = true;
    }

    private Instance requireInstance(RunEvent event) {
        if (instance == null) {
            throw new LanternException(event.kind() + " of run " + run + " has no instance before it");
        }
        return instance;
    }

    // -- what is folded ------------------------------------------------------------------------------------

    RunRef run() {
        return run;
    }

    AgentSpec spec() {
        return spec;
    }

    Digest request() {
        return request;
    }

    Commitment input() {
        return input;
    }

    String traceId() {
        return traceId;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant lastEventAt() {
        return lastEventAt;
    }

    /** When the present owner took the run over; empty if it is the first one. */
    Optional<Instant> adoptedAt() {
        return Optional.ofNullable(adoptedAt);
    }

    RunStatus status() {
        return status;
    }

    /** The newest epoch; 0 before the first instance. */
    int epoch() {
        return epoch;
    }

    int instances() {
        return instances;
    }

    /** What the gate gave the last instance; every later one gets no less. */
    Optional<Strength> strength() {
        return Optional.ofNullable(strength);
    }

    /** The nodes that lost an instance to the infrastructure after this moment. */
    List<NodeId> suspects(Instant after) {
        return suspects.values().stream()
                .filter(suspect -> suspect.lastAt().isAfter(after))
                .map(Suspect::node)
                .toList();
    }

    Optional<Instance> instance() {
        return Optional.ofNullable(instance);
    }

    /** When the last instance was lost, until the next one starts. */
    Optional<Instant> lostAt() {
        return Optional.ofNullable(lostAt);
    }

    /** Since when the gate has refused the next instance; empty once there is one. */
    Optional<Instant> gateRefusedSince() {
        return Optional.ofNullable(gateRefusedSince);
    }

    Optional<RunOutcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** The commitment to the output that decided the run's success. */
    Optional<Commitment> output() {
        return outcome instanceof RunOutcome.Success success ? success.output() : Optional.empty();
    }

    /** When the outcome became durable. */
    Optional<Instant> decidedAt() {
        return Optional.ofNullable(decidedAt);
    }

    /** What the instance of this epoch proves itself with, whether it lives or not. */
    Optional<Digest> secret(int ofEpoch) {
        return Optional.ofNullable(secrets.get(ofEpoch));
    }

    /** The key that the instance of this epoch enrolled with, in hexadecimal, whether it lives or not. */
    Optional<String> key(int ofEpoch) {
        return Optional.ofNullable(keys.get(ofEpoch));
    }

    /** The secrets that were given out. */
    LeaseBook leases() {
        return leases;
    }

    boolean sealed() {
        return sealed;
    }

    int failures(Budget budget) {
        return budget == Budget.AGENT ? agentFailures : infrastructureFailures;
    }

    StepBook steps() {
        return steps;
    }

    boolean reported(String report) {
        return reports.containsKey(report);
    }

    /** When an event last told of refusals for this reason. */
    Optional<Instant> refusedAt(String reason) {
        return Optional.ofNullable(refusals.get(reason));
    }

    UsageTotals usage() {
        return usage;
    }
}
