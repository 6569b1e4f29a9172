package dev.lantern.agent.harness;

import dev.lantern.agent.ModelUsage;
import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.EnrolmentRecord;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Speaks for one instance: enrols it, says that it lives, and carries the agent's steps, usage and output to the
 * run's owner, repeating each call with the same content until it is answered.
 *
 * <p>An actor: every method is called in turns of the clockwork it was made with, and every answer is told in
 * such a turn. It owns no thread and never blocks. An {@link GatewayReply.Accepted} that it passes on means that
 * the owner's journal holds the event. Once the owner says that the instance is stale or the run has ended, the
 * agent is told to stop and every later call is refused with that problem.
 *
 * <p>Before the agent is released, its credentials are with their keeper and its secrets in their place. They are renewed
 * until the agent has ended, and removed then, or as soon as the instance is over.
 *
 * <pre>{@code NEW → ENROLLING → LIVE → DRAINING → ENDED}</pre>
 */
public final class Harness {
    /** The oldest protocol version that this harness speaks. */
    public static final int OLDEST_PROTOCOL = 1;
    /** The newest. */
    public static final int NEWEST_PROTOCOL = 3;

    private enum Phase {
        NEW,
        ENROLLING,
        LIVE,
        DRAINING,
        ENDED
    }

    private final RunRef run;
    private final int epoch;
    private final Clockwork clockwork;
    private final InstanceSigner signer;
    private final AgentControl agent;
    private final Calls calls;
    private final LastHead head = new LastHead();
    private final StepWork steps;
    private final Delivery delivery;
    private final CredentialsRenewal credentials;
    private final SecretKeeping secrets;
    private Phase phase = Phase.NEW;
    private boolean agentStopped;
    private Optional<GatewayReply.Enrolled> enrolled = Optional.empty();
    private Optional<Problem> end = Optional.empty();

    /** The harness of an instance whose credentials and secrets nobody keeps beside it. */
    public Harness(
            RunRef run,
            int epoch,
            Transport transport,
            Clockwork clockwork,
            InstanceSigner signer,
            AgentControl agent) {
        this(run, epoch, transport, clockwork, signer, agent, Custody.NONE);
    }

    /**
     * @param epoch the instance's number within the run
     * @param signer the key made for this instance
     * @param agent told when the agent may start and when it must stop
     */
    public Harness(
            RunRef run,
            int epoch,
            Transport transport,
            Clockwork clockwork,
            InstanceSigner signer,
            AgentControl agent,
            Custody custody) {
        this.run = run;
        this.epoch = epoch;
        this.clockwork = clockwork;
        this.signer = signer;
        this.agent = agent;
        this.calls = new Calls(run, epoch, transport, clockwork, this::end);
        Salts salts = new Salts(clockwork);
        this.steps = new StepWork(run, epoch, calls, signer, salts, head);
        this.delivery = new Delivery(run, epoch, calls, signer, salts, head);
        this.credentials = new CredentialsRenewal(run, epoch, calls, clockwork, custody.credentials(), this::end);
        this.secrets = new SecretKeeping(
                run + " epoch " + epoch,
                new LeaseCalls(run, epoch, calls, clockwork),
                clockwork,
                custody.secrets(),
                this::end);
    }

    public RunRef run() {
        return run;
    }

    public int epoch() {
        return epoch;
    }

    /** Where the run stood when this instance enrolled; empty before that. */
    public Optional<GatewayReply.Resume> resume() {
        return enrolled.map(GatewayReply.Enrolled::resume);
    }

    /** The steps that somebody must resolve before they can be begun, as far as this instance knows. */
    public List<GatewayReply.DoubtfulStep> inDoubt() {
        return steps.inDoubt();
    }

    /** The secrets that the spec grants, in its order, as they are now; none before enrolment. */
    public List<HeldSecret> secrets() {
        return secrets.held();
    }

    /** Why nothing can be asked of this instance now: it has ended, or not enrolled yet. */
    public Optional<Problem> closed() {
        if (end.isPresent()) {
            return end;
        }
        if (phase == Phase.NEW || phase == Phase.ENROLLING) {
            return Optional.of(Problem.of(
                    Problem.Code.NOT_ENROLLED, "this instance has not enrolled with the gateway yet: repeat shortly"));
        }
        return Optional.empty();
    }

    /** Why the instance has ended; empty while it has not. */
    public Optional<Problem> ended() {
        return end;
    }

    /** Whether the agent has handed over an output, acknowledged or not. */
    public boolean outputBegun() {
        return delivery.begun();
    }

    /** Whether the owner's journal holds an output of this instance. */
    public boolean outputDurable() {
        return delivery.durable();
    }

    /**
     * Enrols an instance that has no sandbox of its own.
     *
     * @throws LanternException when called twice
     */
    public void start() {
        start(Optional.empty());
    }

    /**
     * Enrols.
     *
     * @param inside what was found in the instance's own sandbox, if it has one
     * @throws LanternException when called twice
     */
    public void start(Optional<InsideReport> inside) {
        if (phase != Phase.NEW) {
            throw new LanternException("the harness of " + run + " epoch " + epoch + " was started before");
        }
        phase = Phase.ENROLLING;
        byte[] key = signer.publicKey();
        byte[] proof = signer.sign(EnrolmentRecord.of(run, epoch, key).signedBytes());
        calls.make(
                new GatewayCall.Enrol(run, epoch, key, OLDEST_PROTOCOL, NEWEST_PROTOCOL, inside, Optional.of(proof)),
                this::enrolAnswered);
    }

    /**
     * Begins a step. Answered with {@link GatewayReply.RunIt}, {@link GatewayReply.Recorded},
     * {@link GatewayReply.Erased}, {@link GatewayReply.InDoubt}, {@link GatewayReply.Happened} or
     * {@link GatewayReply.Refused}. The same retry token gets the same answer; a second begin of an open step
     * without it is refused.
     */
    public void begin(StepAsk ask, Consumer<GatewayReply> answer) {
        if (phase == Phase.DRAINING) {
            answer.accept(Refusals.of(
                    Problem.Code.DRAINING,
                    "this instance is being stopped and begins no further step; what is open can still be completed"));
        } else if (mayCall(answer)) {
            guarded(answer, () -> steps.begin(ask, answer));
        }
    }

    /** Completes an open step. {@link GatewayReply.Accepted} means durable; a repeat is answered the same. */
    public void complete(StepRef step, Payload result, Consumer<GatewayReply> answer) {
        if (mayCall(answer)) {
            guarded(answer, () -> steps.complete(step, result, answer));
        }
    }

    /**
     * Fails an open step, which may then be begun again. What it used is reported first and stays owed.
     *
     * @param error for people; it becomes part of an event that cannot be erased, so it holds no payload
     */
    public void fail(StepRef step, String error, Consumer<GatewayReply> answer) {
        if (mayCall(answer)) {
            guarded(answer, () -> steps.fail(step, error, answer));
        }
    }

    /** Settles a step that is in doubt. */
    public void resolve(StepRef step, boolean happened, String how, Consumer<GatewayReply> answer) {
        if (mayCall(answer)) {
            guarded(answer, () -> steps.resolve(step, happened, how, answer));
        }
    }

    /**
     * Notes what an open step used; it becomes durable with the step's completion or failure. Answered with what
     * begin was answered, or a refusal.
     *
     * @param report names this report; the same name counts once
     */
    public void used(StepRef step, String report, List<ModelUsage> usage, Consumer<GatewayReply> answer) {
        if (mayCall(answer)) {
            guarded(answer, () -> answer.accept(steps.used(step, report, usage)));
        }
    }

    /** Reports usage outside of steps. The same report counts once. */
    public void used(String report, List<ModelUsage> usage, Consumer<GatewayReply> answer) {
        if (mayCall(answer)) {
            guarded(
                    answer,
                    () -> calls.make(new GatewayCall.Report(run, epoch, report, usage), reply -> {
                        if (reply instanceof GatewayReply.Accepted accepted) {
                            head.acknowledged(accepted);
                        }
                        answer.accept(reply);
                    }));
        }
    }

    /** Delivers the run's output. {@link GatewayReply.Accepted} means durable; the first output stands. */
    public void output(Payload output, Consumer<GatewayReply> answer) {
        if (mayCall(answer)) {
            guarded(answer, () -> delivery.deliver(output, answer));
        }
    }

    /**
     * Begins nothing new; what is open may still be completed, with the secrets that it needs. Stops the agent, and tells
     * {@code drained} once no call is unanswered.
     */
    public void drain(String why, Runnable drained) {
        if (phase == Phase.NEW || phase == Phase.ENROLLING) {
            close();
        } else if (phase == Phase.LIVE) {
            phase = Phase.DRAINING;
        }
        stopAgent(why);
        calls.whenIdle(drained);
    }

    /**
     * The agent has ended: its secrets are removed and their leases given back. For the rest as {@link #drain}; the leases
     * are waited for as well, for a second at most.
     */
    public void agentEnded(Runnable drained) {
        drain("the agent has ended", () -> {});
        secrets.finish(() -> calls.whenIdle(drained));
    }

    /**
     * Ends at once: the secrets are removed, what is unanswered is refused, nothing is sent any more. Repeating it does
     * nothing.
     */
    public void close() {
        end(Problem.of(Problem.Code.DRAINING, "the harness of this instance has stopped"));
    }

    private void enrolAnswered(GatewayReply reply) {
        if (phase != Phase.ENROLLING) {
            return;
        }
        if (reply instanceof GatewayReply.Enrolled answer) {
            enrolled(answer);
        } else if (reply instanceof GatewayReply.Refused refused) {
            end(refused.problem());
        } else {
            end(Refusals.unexpected("enrol", reply).problem());
        }
    }

    private void enrolled(GatewayReply.Enrolled answer) {
        if (answer.protocol() < OLDEST_PROTOCOL || answer.protocol() > NEWEST_PROTOCOL) {
            end(Problem.of(
                    Problem.Code.PROTOCOL,
                    "the gateway chose protocol " + answer.protocol() + "; this harness speaks " + OLDEST_PROTOCOL
                            + " to " + NEWEST_PROTOCOL));
            return;
        }
        if (answer.credentials().isPresent()
                && !credentials.take(answer.credentials().get())) {
            return;
        }
        phase = Phase.LIVE;
        enrolled = Optional.of(answer);
        calls.ownerIsAt(answer.owner());
        steps.resumed(answer.resume());
        // An instance that waits for its secrets is not silent.
        clockwork.later(answer.heartbeatEvery(), () -> heartbeat(answer.heartbeatEvery()));
        secrets.begin(answer.secrets(), () -> {
            if (phase == Phase.LIVE) {
                agent.release(answer);
            }
        });
    }

    private void heartbeat(Duration every) {
        if (phase == Phase.ENDED) {
            return;
        }
        calls.heartbeat(new GatewayCall.Heartbeat(run, epoch, head.seq(), head.hash()), every, reply -> {
            if (reply instanceof GatewayReply.Alive alive && alive.stop()) {
                drain("the run's owner asked this instance to stop", () -> {});
            }
            clockwork.later(every, () -> heartbeat(every));
        });
    }

    private boolean mayCall(Consumer<GatewayReply> answer) {
        Optional<Problem> why = closed();
        why.ifPresent(problem -> answer.accept(new GatewayReply.Refused(problem)));
        return why.isEmpty();
    }

    /** What the agent asked for may break a rule of the values it is made of: that is its mistake, not ours. */
    private static void guarded(Consumer<GatewayReply> answer, Runnable work) {
        try {
            work.run();
        } catch (LanternException e) {
            answer.accept(Refusals.of(Problem.Code.INVALID, String.valueOf(e.getMessage())));
        }
    }

    private void end(Problem problem) {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        end = Optional.of(problem);
        secrets.drop();
        calls.end(problem);
        stopAgent(problem.detail());
    }

    private void stopAgent(String why) {
        if (!agentStopped) {
            agentStopped = true;
            agent.stop(why);
        }
    }
}
