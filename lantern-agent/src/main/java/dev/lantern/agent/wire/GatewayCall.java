package dev.lantern.agent.wire;

import dev.lantern.agent.Effect;
import dev.lantern.agent.ModelUsage;
import dev.lantern.value.Digest;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an instance's harness asks of its run's owner.
 *
 * <p>Every call may be repeated with the same content after a lost answer and is then answered as the first time.
 */
public sealed interface GatewayCall {

    /** The run that the caller belongs to. */
    RunRef run();

    /** The caller's own epoch. */
    int epoch();

    /**
     * The first call: binds the instance's key to its epoch, once.
     *
     * @param publicKey the raw 32 bytes of the Ed25519 key that the harness just made
     * @param oldestProtocol the oldest protocol version that the harness speaks
     * @param newestProtocol the newest
     * @param inside what the harness found where it runs; empty if that is no sandbox of the instance's own
     * @param proof the key's signature over {@link EnrolmentRecord}: that the caller holds it. Empty before protocol 3
     */
    record Enrol(
            RunRef run,
            int epoch,
            byte[] publicKey,
            int oldestProtocol,
            int newestProtocol,
            Optional<InsideReport> inside,
            Optional<byte[]> proof)
            implements GatewayCall {

        /** The call of a harness that proves nothing. */
        public Enrol(
                RunRef run,
                int epoch,
                byte[] publicKey,
                int oldestProtocol,
                int newestProtocol,
                Optional<InsideReport> inside) {
            this(run, epoch, publicKey, oldestProtocol, newestProtocol, inside, Optional.empty());
        }

        /** The call of a harness that has nothing to report and proves nothing. */
        public Enrol(RunRef run, int epoch, byte[] publicKey, int oldestProtocol, int newestProtocol) {
            this(run, epoch, publicKey, oldestProtocol, newestProtocol, Optional.empty(), Optional.empty());
        }
    }

    /** Asks for a new certificate and token for the enrolled key, before the ones it has expire. */
    record Renew(RunRef run, int epoch) implements GatewayCall {}

    /**
     * Asks for the value of a secret of the spec, under a lease.
     *
     * @param name the secret's {@code env_name}
     * @param request the caller's own name for this request, of {@value #REQUEST_FORM}; the same one is given one lease
     */
    record Vend(RunRef run, int epoch, String name, String request) implements GatewayCall {}

    /** What names a request: 1 to 64 letters, digits, dots, dashes and underscores. */
    String REQUEST_FORM = "[A-Za-z0-9._-]{1,64}";

    /** Asks for more time under a lease, and for the value as it is by then. */
    record RenewLease(RunRef run, int epoch, String lease) implements GatewayCall {}

    /** Gives a lease back: its value is no longer in use. */
    record ReturnLease(RunRef run, int epoch, String lease) implements GatewayCall {}

    /**
     * Asks whether a step's body is to be run.
     *
     * @param input what the step declared as its input; kept only as far as equality needs it
     * @param reserveTokens tokens that the step may use, counted against the limit now; 0 for none
     * @param seq the last acknowledged event that the harness knows of, or 0: whoever answers must know it, too
     * @param hash the chain's hash there, as the acknowledgement gave it
     */
    record Begin(
            RunRef run,
            int epoch,
            StepId step,
            Effect effect,
            Optional<Opening> input,
            long reserveTokens,
            long seq,
            Optional<Digest> hash)
            implements GatewayCall {

        /** The begin of an instance that nothing was acknowledged to yet. */
        public Begin(RunRef run, int epoch, StepId step, Effect effect, Optional<Opening> input, long reserveTokens) {
            this(run, epoch, step, effect, input, reserveTokens, 0, Optional.empty());
        }
    }

    /** Reports a step's result. Its answer means that the result is durable. */
    record Complete(RunRef run, int epoch, StepRecord record, byte[] signature, Optional<Opening> input, Opening result)
            implements GatewayCall {}

    /**
     * Reports that a step's body threw; the step may be begun again.
     *
     * @param attempt the attempt that begin named: a repeat that arrives late must not fail a later one
     */
    record Fail(RunRef run, int epoch, StepId step, int attempt, String error) implements GatewayCall {}

    /**
     * Settles a step that is in doubt.
     *
     * @param attempt the attempt that is in doubt: a repeat that arrives late must not settle a later one
     * @param happened whether the effect took place. If so, the next begin is answered with
     *     {@link GatewayReply.Happened} and the step can be completed; if not, it is answered with
     *     {@link GatewayReply.RunIt}
     * @param how who or what knows, in the agent's words
     */
    record Resolve(RunRef run, int epoch, StepId step, int attempt, boolean happened, String how)
            implements GatewayCall {}

    /**
     * Reports usage outside of steps.
     *
     * @param report the reporter's own name for this report; the same name is counted once
     */
    record Report(RunRef run, int epoch, String report, List<ModelUsage> usage) implements GatewayCall {}

    /** Delivers the agent's output. Its answer means that the result is durable. */
    record Output(RunRef run, int epoch, OutputRecord record, byte[] signature, Opening output)
            implements GatewayCall {}

    /**
     * Says that the instance lives.
     *
     * @param seq the last acknowledged event that the harness knows of, or 0
     * @param hash the chain's hash there, as the acknowledgement gave it
     */
    record Heartbeat(RunRef run, int epoch, long seq, Optional<Digest> hash) implements GatewayCall {}

    /**
     * Says, to any other host, that the run's owner does not answer this instance. A host that finds it so takes the run
     * over; it names where the owner is reached from now on, by {@link Problem.Code#NOT_OWNER}.
     *
     * @param owner the address at which the owner does not answer
     * @param tries how many sendings to it had no answer since it last gave one
     * @param silence how long ago the first of them was made
     */
    record Unreachable(RunRef run, int epoch, String owner, int tries, Duration silence) implements GatewayCall {}
}
