package dev.lantern.agent.wire;

import dev.lantern.agent.Effect;
import dev.lantern.value.Commitment;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the owner answers. */
public sealed interface GatewayReply {

    /**
     * The key is bound; the agent may start.
     *
     * @param protocol the version that both will speak
     * @param heartbeatEvery how often the harness is to say that it lives
     * @param owner where the run's owner itself is reached; empty if only through the gateway's stable address
     * @param resume where the run stands
     * @param credentials what the instance proves itself with from now on; empty where that is its secret
     * @param secrets the names of the secrets that the spec grants, in its order; none before protocol 3
     */
    record Enrolled(
            int protocol,
            Duration heartbeatEvery,
            Optional<String> owner,
            Resume resume,
            Optional<Credentials> credentials,
            List<String> secrets)
            implements GatewayReply {
        public Enrolled {
            secrets = List.copyOf(secrets);
        }

        /** The answer where an instance is given neither credentials nor secrets. */
        public Enrolled(int protocol, Duration heartbeatEvery, Optional<String> owner, Resume resume) {
            this(protocol, heartbeatEvery, owner, resume, Optional.empty(), List.of());
        }
    }

    /** New credentials for the same key. */
    record Renewed(Credentials credentials) implements GatewayReply {}

    /**
     * A secret's value, under a lease that the journal holds.
     *
     * @param lease names it
     * @param value to be kept no longer than the lease lasts
     * @param ttl how long the lease lasts from now on, unless it is renewed
     */
    record Vended(String lease, Confidential value, Duration ttl) implements GatewayReply {}

    /**
     * Run the step's body.
     *
     * @param idempotencyKey the same for this step on every retry, resume and node
     * @param attempt counts the tries that the journal knows of, from 1
     */
    record RunIt(String idempotencyKey, int attempt) implements GatewayReply {}

    /** The step is done; this is its result. */
    record Recorded(Opening result) implements GatewayReply {}

    /** The step is done; its result was erased. */
    record Erased(Commitment result) implements GatewayReply {}

    /** The step was started and nobody knows whether its effect took place: resolve it first. */
    record InDoubt(String idempotencyKey, DoubtfulStep step) implements GatewayReply {}

    /**
     * It is settled that the step's effect took place, but its result is not recorded: complete it with what
     * the agent can find out, and do not run its body.
     */
    record Happened(String idempotencyKey, DoubtfulStep step) implements GatewayReply {}

    /** Durable, as of this head. */
    record Accepted(long seq, Digest hash) implements GatewayReply {}

    /**
     * The owner knows that the instance lives.
     *
     * @param stop whether the agent is to be stopped now
     */
    record Alive(boolean stop) implements GatewayReply {}

    /** Nothing was done. */
    record Refused(Problem problem) implements GatewayReply {}

    /**
     * Where a run stands when an instance enrols.
     *
     * @param input the run's input
     * @param completed the steps that are done, in the order in which they were completed
     * @param inDoubt the steps that somebody must resolve
     */
    record Resume(Opening input, List<CompletedStep> completed, List<DoubtfulStep> inDoubt) {
        public Resume {
            completed = List.copyOf(completed);
            inDoubt = List.copyOf(inDoubt);
        }
    }

    record CompletedStep(StepId step, Commitment result) {}

    /**
     * A step that was started and never completed.
     *
     * @param startedInEpoch the instance that started it
     * @param attempt which of its attempts
     */
    record DoubtfulStep(StepId step, Effect effect, int startedInEpoch, int attempt) {}
}
