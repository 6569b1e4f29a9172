package dev.lantern.core.event;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.wire.OutputRecord;
import dev.lantern.agent.wire.StepId;
import dev.lantern.agent.wire.StepRecord;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import dev.lantern.secrets.SecretMode;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretUri;
import dev.lantern.substrate.PodId;
import dev.lantern.substrate.Verified;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Something that happened to a run. Immutable; what is erasable of it stands beside it, as openings. */
public sealed interface RunEvent {

    /** The name in the journal. */
    String kind();

    /**
     * The run is durable.
     *
     * @param spec what to run, narrowed limits included
     * @param requested the digest of the spec that was asked for, before narrowing
     * @param request what makes two spawns the same: spec, input and narrowing
     * @param input the commitment to the run's input
     * @param traceId the W3C trace id of everything that follows, 32 hexadecimal digits
     */
    record RunCreated(AgentSpec spec, Digest requested, Digest request, Commitment input, String traceId)
            implements RunEvent {
        @Override
        public String kind() {
            return "run_created";
        }
    }

    /**
     * The gate admitted the instance whose start stands in the same append; each instance has an admission of its own.
     *
     * @param isolation the class that it runs under, which policy may have raised
     * @param handler the boundary that it gets
     * @param evidence what the gate saw
     */
    record GatePassed(Isolation isolation, HandlerKind handler, List<Evidence> evidence) implements RunEvent {
        public GatePassed {
            evidence = List.copyOf(evidence);
        }

        @Override
        public String kind() {
            return "gate_passed";
        }
    }

    /** The gate said no to the first instance. Terminal. */
    record RunRefused(List<Violation> violations, List<Evidence> evidence) implements RunEvent {
        public RunRefused {
            violations = List.copyOf(violations);
            evidence = List.copyOf(evidence);
        }

        @Override
        public String kind() {
            return "run_refused";
        }
    }

    /** The gate has refused the run's next instance for too long, which decides the run's outcome. */
    record ResumeRefused(List<Violation> violations, List<Evidence> evidence) implements RunEvent {
        public ResumeRefused {
            violations = List.copyOf(violations);
            evidence = List.copyOf(evidence);
        }

        @Override
        public String kind() {
            return "resume_refused";
        }

        /** The run's end in words. */
        public String reason() {
            return "the gate refused the next instance for too long: "
                    + violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
        }
    }

    /** Another host owns the run from here on. */
    record RunAdopted(long host) implements RunEvent {
        @Override
        public String kind() {
            return "run_adopted";
        }
    }

    /**
     * An instance of this epoch is about to be started: durable before anything starts.
     *
     * @param secret the SHA-256 of what its harness will prove itself with
     */
    record InstanceStarted(Digest secret) implements RunEvent {
        @Override
        public String kind() {
            return "instance_started";
        }
    }

    /**
     * The instance passed a checkpoint behind the gate.
     *
     * @param checkpoint which one
     * @param node where it runs, if that was known by then
     * @param pod what it is to the platform, if that was known by then
     * @param evidence what was seen
     */
    record BoundaryVerified(String checkpoint, Optional<NodeId> node, Optional<PodId> pod, List<Evidence> evidence)
            implements RunEvent {
        public BoundaryVerified {
            evidence = List.copyOf(evidence);
        }

        public static BoundaryVerified of(Verified passed) {
            return new BoundaryVerified(passed.checkpoint(), passed.node(), passed.pod(), passed.evidence());
        }

        @Override
        public String kind() {
            return "boundary_verified";
        }
    }

    /** The instance's boundary was not what the gate had admitted; {@link InstanceLost} follows. */
    record BoundaryViolated(String checkpoint, List<Violation> violations) implements RunEvent {
        public BoundaryViolated {
            violations = List.copyOf(violations);
        }

        @Override
        public String kind() {
            return "boundary_violated";
        }
    }

    /**
     * The instance's key is bound to its epoch.
     *
     * @param publicKey the raw Ed25519 key in hexadecimal
     * @param token the first instance token for this key, which anyone can verify who knows the authority's keys; empty
     *     where instances are given none
     */
    record InstanceEnrolled(String publicKey, int protocol, Optional<String> token) implements RunEvent {
        @Override
        public String kind() {
            return "instance_enrolled";
        }
    }

    /** The instance is no more and nothing follows it. */
    record InstanceStopped(String how) implements RunEvent {
        @Override
        public String kind() {
            return "instance_stopped";
        }
    }

    /**
     * The instance is given up: its epoch ends with this event.
     *
     * @param lost the epoch that ends
     * @param budget who pays for the next try
     * @param exhausted whether that budget has no try left, which fails the run
     */
    record InstanceLost(int lost, String cause, Budget budget, boolean exhausted) implements RunEvent {
        @Override
        public String kind() {
            return "instance_lost";
        }
    }

    /** The next instance continues behind the last completed step. */
    record RunResumed(int completedSteps) implements RunEvent {
        @Override
        public String kind() {
            return "run_resumed";
        }
    }

    /** A step whose start must not be forgotten has begun. */
    record StepStarted(StepId step, Effect effect, Optional<Commitment> input, long reservedTokens)
            implements RunEvent {
        @Override
        public String kind() {
            return "step_started";
        }
    }

    /**
     * A step is done; never executed again.
     *
     * @param signature over the record, in hexadecimal
     */
    record StepCompleted(StepRecord record, String signature) implements RunEvent {
        @Override
        public String kind() {
            return "step_completed";
        }
    }

    /** A step's body threw. */
    record StepFailed(StepId step, String error) implements RunEvent {
        @Override
        public String kind() {
            return "step_failed";
        }
    }

    /** A step in doubt was settled. */
    record StepResolved(StepId step, boolean happened, String how) implements RunEvent {
        @Override
        public String kind() {
            return "step_resolved";
        }
    }

    /**
     * Usage outside of steps.
     *
     * @param report the reporter's name for it, counted once
     */
    record UsageRecorded(String report, List<ModelUsage> usage) implements RunEvent {
        public UsageRecorded {
            usage = List.copyOf(usage);
        }

        @Override
        public String kind() {
            return "usage_recorded";
        }
    }

    /**
     * A limit decided the run's outcome.
     *
     * @param limit the field's name, such as {@code max_tokens}
     */
    record LimitExceeded(String limit, String used, String allowed) implements RunEvent {
        @Override
        public String kind() {
            return "limit_exceeded";
        }
    }

    /**
     * Callers that had proved themselves were refused, or the gate refused the run's next instance.
     *
     * @param reason the code that they were told, as it is on the wire; {@link #GATE_REFUSED} is the gate's
     * @param instance the epoch of the last of them, or of the instance that was to start
     * @param count how many refusals this event tells of
     * @param detail what the last one was told
     */
    record AnomalyDetected(String reason, int instance, int count, String detail) implements RunEvent {
        /** The gate refused the next instance of a run that had started; the detail lists the violations. */
        public static final String GATE_REFUSED = "gate-refused";

        @Override
        public String kind() {
            return "anomaly_detected";
        }
    }

    /**
     * A secret's value is about to leave for the instance; durable before it does.
     *
     * @param lease names the lease, within the run
     * @param name the secret's {@code env_name}
     * @param secret where it is kept, its tenant spelled out
     * @param mode whether the value lives on when the lease ends
     * @param handle by which the store ends a dynamic one
     * @param version which value it was, as the store counts them
     * @param expiresAt when the lease ends unless it is renewed
     * @param renewal 0 when the lease begins, and one more each time it is renewed
     */
    record SecretVended(
            String lease,
            String name,
            SecretUri secret,
            SecretMode mode,
            Optional<String> handle,
            Optional<String> version,
            Instant expiresAt,
            int renewal)
            implements RunEvent {
        @Override
        public String kind() {
            return "secret_vended";
        }
    }

    /**
     * An instance asked for a secret and was given none. Where the spec grants the name, this decides the run's outcome: its
     * agent cannot do its work.
     *
     * @param name what was asked for; where many names were, the last one
     * @param secret where it would be kept; empty for a name that the spec does not grant
     * @param reason {@link #NOT_IN_SPEC}, {@link #ABSENT}, {@link #FOREIGN} or {@link #FORBIDDEN}; the instance is told none
     * @param instance the epoch of the one that asked
     * @param count how many refusals this event tells of
     */
    record SecretRefused(String name, Optional<SecretUri> secret, String reason, int instance, int count)
            implements RunEvent {
        /** The spec grants no secret of this name. */
        public static final String NOT_IN_SPEC = "not-in-spec";
        /** The store has none, or does not let this host read it. */
        public static final String ABSENT = "absent";
        /** It belongs to another tenant. */
        public static final String FOREIGN = "foreign-tenant";
        /** The host's policy does not let this agent have it. */
        public static final String FORBIDDEN = "forbidden";

        @Override
        public String kind() {
            return "secret_refused";
        }

        /** Whether the run cannot go on after it. */
        public boolean decides() {
            return secret.isPresent();
        }

        /** The run's end in words. */
        public String says() {
            return "secret " + name + " could not be given to the agent (" + reason + "); see secret_refused";
        }
    }

    /**
     * A lease has ended. Of a dynamic secret the value is of no use any more.
     *
     * @param how why, in words
     */
    record LeaseClosed(String lease, String how) implements RunEvent {
        @Override
        public String kind() {
            return "lease_closed";
        }
    }

    /**
     * These values were given to the run and live on: whoever keeps them should change them.
     *
     * @param secrets where they are kept, in order
     */
    record RotationOwed(List<SecretUri> secrets) implements RunEvent {
        public RotationOwed {
            secrets = List.copyOf(secrets);
        }

        @Override
        public String kind() {
            return "rotation_owed";
        }
    }

    /**
     * The journal has lost what was acknowledged, which decides the run's outcome: nothing that it says of the run can be
     * built upon any more.
     *
     * @param seq the event that was acknowledged and is not there, or is another one
     * @param hash the chain's hash there, as it was acknowledged
     */
    record JournalRegressed(long seq, Optional<Digest> hash) implements RunEvent {
        @Override
        public String kind() {
            return "journal_regressed";
        }
    }

    /** Somebody cancelled the run, which decides its outcome. */
    record CancelRequested(String reason) implements RunEvent {
        @Override
        public String kind() {
            return "cancel_requested";
        }
    }

    /** The agent delivered its output, which decides the run's outcome. */
    record ResultReady(OutputRecord record, String signature) implements RunEvent {
        @Override
        public String kind() {
            return "result_ready";
        }
    }

    /** The agent ended well without an output of its own: the substrate's word, unsigned. */
    record EndedWithoutOutput(int exitCode) implements RunEvent {
        @Override
        public String kind() {
            return "result_ready";
        }
    }

    /**
     * Terminal.
     *
     * @param standing what could not be torn down in time
     */
    record RunSucceeded(List<String> standing) implements RunEvent {
        public RunSucceeded {
            standing = List.copyOf(standing);
        }

        @Override
        public String kind() {
            return "run_succeeded";
        }
    }

    /** Terminal. */
    record RunFailed(String reason, List<String> standing) implements RunEvent {
        public RunFailed {
            standing = List.copyOf(standing);
        }

        @Override
        public String kind() {
            return "run_failed";
        }
    }

    /** Terminal. */
    record RunCancelled(String reason, List<String> standing) implements RunEvent {
        public RunCancelled {
            standing = List.copyOf(standing);
        }

        @Override
        public String kind() {
            return "run_cancelled";
        }
    }

    /** Terminal. The decision itself stands in {@link LimitExceeded}, so that it survives a crash before teardown. */
    record RunLimitExceeded(List<String> standing) implements RunEvent {
        public RunLimitExceeded {
            standing = List.copyOf(standing);
        }

        @Override
        public String kind() {
            return "run_limit_exceeded";
        }
    }

    /** Who pays when an instance is lost. */
    enum Budget {
        /** Nodes, evictions, silence: not the agent's doing. */
        INFRASTRUCTURE("infrastructure"),
        /** The agent ended by itself, with an error. */
        AGENT("agent");

        private final String wireName;

        Budget(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }
}
