package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.Chain;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.Journal;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretStore;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.substrate.Verified;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One incarnation of a host: owns runs, keeps its lease, takes over what dead hosts leave, and answers its
 * instances. Thread-safe; knows time, threads and chance only through {@link Turns}.
 */
public final class Host implements Surroundings, SubstrateListener {
    private static final Logger LOG = LoggerFactory.getLogger(Host.class);
    private static final int GROUP = 256;
    private static final Duration FORGET_AFTER = Duration.ofMinutes(2);

    private final Parts parts;
    private final Turns turns;
    private final Journal journal;
    private final EngineSettings settings;
    private final HostClock clock;
    private final OwnLease lease;
    private final Decisions decisions;
    private final ChainScribe scribe;
    private final GroupWriter<Append, AppendResult> appends;
    private final GroupWriter<Create, CreateResult> creates;
    private final CallsInHand inHand = new CallsInHand();
    private final Callers callers;
    private final SecretValues values;
    private final OwnedRuns runs = new OwnedRuns();
    private final LeaseRounds leases;
    private final Adoption adoption;
    private final InboxRounds inbox;
    private final Acts acts;
    private final ForeignCalls foreignCalls;
    private volatile long host;
    private volatile boolean closed;

    /**
     * Everything that a host is made of.
     *
     * @param issuer certifies instances' keys; empty where they prove themselves with a secret of the host
     * @param secrets where secrets are kept; empty where agents are given none
     * @param secretPolicy which of them are given to whom
     */
    public record Parts(
            Turns turns,
            Journal journal,
            Substrate substrate,
            GateKeeper gate,
            Attester attester,
            Signatures signatures,
            Optional<CredentialIssuer> issuer,
            Optional<SecretStore> secrets,
            SecretPolicy secretPolicy,
            ChainForms forms,
            HostListener listener,
            EngineSettings settings,
            String address) {}

    private Host(Parts parts) {
        this.parts = parts;
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.settings = parts.settings();
        this.clock = new HostClock(turns);
        this.lease = new OwnLease(turns);
        this.decisions = new Decisions(
                settings,
                parts.signatures(),
                parts.substrate().checkpointsBeforeEnrolment(),
                parts.substrate().isAttested() ? Optional.of(parts.attester()) : Optional.empty(),
                parts.issuer().isPresent(),
                parts.secretPolicy(),
                () -> turns.random(32));
        this.values = new SecretValues(parts.secrets(), settings.callWithin());
        this.callers = new Callers(parts);
        this.scribe = parts.forms().scribe();
        ChainReader reader =
                new ChainReader(journal, scribe, new EventCache(parts.forms().cacheBytes()), settings.callWithin());
        this.appends = new GroupWriter<>(
                "journal",
                turns.lane(LaneName.JOURNAL),
                turns.loop(0),
                GROUP,
                Append::key,
                group -> journal.append(group, settings.callWithin()));
        this.creates = new GroupWriter<>(
                "journal",
                turns.lane(LaneName.JOURNAL),
                turns.loop(0),
                GROUP,
                Create::run,
                group -> journal.create(group, settings.callWithin()));
        this.leases = new LeaseRounds(parts, lease, clock);
        this.adoption = new Adoption(parts, this, runs, reader, values);
        this.inbox = new InboxRounds(parts, this, runs);
        this.acts = new Acts(parts, reader, values);
        this.foreignCalls = new ForeignCalls(
                turns,
                journal,
                reader,
                this,
                new Moves(parts, this, reader, adoption.takeover()),
                settings.callWithin());
    }

    /** Joins the journal as a new incarnation and begins to look after runs. Blocks until it has joined. */
    public static Host join(Parts parts) {
        Host host = new Host(parts);
        host.host = host.leases.join(parts.address());
        parts.substrate()
                .open(new SubstrateDoor(
                        host,
                        parts.turns(),
                        parts.listener(),
                        () -> parts.journal().installation(parts.settings().callWithin())));
        Loop home = host.turns.loop(0);
        home.run(() -> host.leases.round(host, host.adoption));
        home.run(host.adoption::round);
        home.run(host.inbox::round);
        home.run(host.inbox::hear);
        return host;
    }

    /** Gives the runs up: they can be claimed at once. What waits for an answer is told to try again. Blocks. */
    public void leave() {
        closed = true;
        for (Mailbox mailbox : runs.all()) {
            mailbox.loop().run(mailbox::abandon);
        }
        appends.close();
        creates.close();
        journal.leave(host, settings.callWithin());
    }

    // -- from the host application -------------------------------------------------------------------------

    /**
     * Makes a run durable; from then on this host looks after it. The input stands in the event's row, however
     * large it is: before the run exists there is nothing to keep it under.
     *
     * @param labels by which it is found; no part of its chain
     * @param done told on a loop: the run that stands, and whether it was made by this call
     */
    public void create(
            RunRef run, RunEvent.RunCreated created, RunLabels labels, Opening input, Consumer<CreateResult> done) {
        Loop loop = loop(run);
        Instant time = now().truncatedTo(ChronoUnit.MICROS);
        Event first = scribe.write(
                run,
                Chain.genesis(run),
                new Decision.Recorded(created, 0, time, List.of(new StoredOpening.Inline(input))));
        long term = lease.term();
        Create create = new Create(run, host, created.spec().name(), labels, time, RunStatus.PENDING, List.of(first));
        creates.write(create, loop, result -> {
            if (result instanceof CreateResult.Created made && !runs.contains(run)) {
                Head head = new Head(first.seq(), first.hash());
                RunState state = RunState.first(run, created, time);
                values.begin(state);
                runs.add(new Mailbox(run, made.row().key(), state, head, loop, term, this))
                        .take(new Stimulus.Tick());
                parts.listener().durable(run, List.of(first));
            }
            done.accept(result);
        });
    }

    /** Looks into the inbox now instead of at the next round. */
    public void lookIntoInbox() {
        turns.loop(0).run(inbox::look);
    }

    /** Whether this host owns the run and looks after it now. */
    public boolean owns(RunRef run) {
        return runs.contains(run);
    }

    /** Tells, in a turn, the run's newest instance, if this host owns the run and it has one. */
    public void newest(RunRef run, Consumer<InstanceRef> told) {
        runs.find(run)
                .ifPresent(mailbox -> mailbox.loop()
                        .run(() -> mailbox.durableState()
                                .instance()
                                .ifPresent(instance -> told.accept(new InstanceRef(run, instance.epoch())))));
    }

    /** How many runs this host owns. */
    public int owned() {
        return runs.size();
    }

    // -- from instances ------------------------------------------------------------------------------------

    /**
     * Answers an instance's call; exactly once, in any thread, unless this host dies.
     *
     * @param presented what the caller proves itself with: the secret that it was started with, where the substrate issues
     *     credentials such a one as it was sent, or the certificate that it got when it enrolled
     */
    public void call(Presented presented, GatewayCall call, Consumer<GatewayReply> reply) {
        inHand.take(call, reply::accept)
                .ifPresent(token -> callers.ask(presented, call, token, loop(call.run()), this::take));
    }

    private void take(Stimulus.Called arrived) {
        Optional<Mailbox> mailbox = runs.find(arrived.call().run());
        Stimulus.Called called = arrived.saying(masked(mailbox, arrived.call()));
        GatewayCall call = called.call();
        Optional<Opening> large = Payloads.large(call);
        if (mailbox.isEmpty()) {
            foreignCalls.answer(called, loop(call.run()));
        } else if (large.isPresent()) {
            keepThenTake(mailbox.get(), called, large.get());
        } else {
            mailbox.get().loop().run(() -> mailbox.get().take(called));
        }
    }

    /** What an agent says in words of its own is kept as its lines are; an error is where a credential shows up by accident. */
    private GatewayCall masked(Optional<Mailbox> mailbox, GatewayCall call) {
        boolean ours = isOurs(mailbox);
        if (call instanceof GatewayCall.Fail fail) {
            String error = values.masked(fail.run(), fail.error(), ours);
            return new GatewayCall.Fail(fail.run(), fail.epoch(), fail.step(), fail.attempt(), error);
        } else if (call instanceof GatewayCall.Resolve resolve) {
            String how = values.masked(resolve.run(), resolve.how(), ours);
            return new GatewayCall.Resolve(
                    resolve.run(), resolve.epoch(), resolve.step(), resolve.attempt(), resolve.happened(), how);
        }
        return call;
    }

    private boolean isOurs(Optional<Mailbox> mailbox) {
        return !closed && mailbox.map(Mailbox::isOurs).orElse(false);
    }

    /** A payload too large for its event's row is durable before the event that commits to it. */
    private void keepThenTake(Mailbox mailbox, Stimulus.Called called, Opening large) {
        turns.lane(LaneName.READS)
                .call(
                        mailbox.loop(),
                        () -> {
                            byte[] body = scribe.erasables().kept(mailbox.run(), large);
                            journal.keep(mailbox.key(), large.commitment(), body, settings.callWithin());
                            return true;
                        },
                        (Outcome<Boolean> outcome) -> {
                            if (outcome instanceof Outcome.Failure<Boolean> failure) {
                                LOG.warn("run {}: a large payload could not be stored", mailbox.run(), failure.cause());
                                called.token().answer(Replies.unavailable("the payload could not be stored"));
                            } else {
                                mailbox.take(called);
                            }
                        });
    }

    // -- from the substrate --------------------------------------------------------------------------------

    @Override
    public void ended(InstanceRef instance, InstanceEnd end) {
        Stimulus ended = new Stimulus.Ended(instance.epoch(), end);
        runs.find(instance.run()).ifPresent(mailbox -> mailbox.loop().run(() -> mailbox.take(ended)));
    }

    @Override
    public void verified(InstanceRef instance, Verified verified) {
        Stimulus passed = new Stimulus.Verified(instance.epoch(), verified);
        runs.find(instance.run()).ifPresent(mailbox -> mailbox.loop().run(() -> mailbox.take(passed)));
    }

    @Override
    public void logged(InstanceRef instance, Instant at, String stream, String line) {
        boolean ours = isOurs(runs.find(instance.run()));
        parts.listener().logged(instance, at, stream, values.masked(instance.run(), line, ours));
    }

    // -- for mailboxes -------------------------------------------------------------------------------------

    @Override
    public long host() {
        return host;
    }

    @Override
    public boolean closing() {
        return closed;
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public boolean ownsSince(long term) {
        return lease.holds() && lease.term() == term;
    }

    @Override
    public long term() {
        return lease.term();
    }

    @Override
    public Decisions decisions() {
        return decisions;
    }

    @Override
    public ChainScribe scribe() {
        return scribe;
    }

    @Override
    public Loop loop(RunRef run) {
        // Not the record's own hash, whose formula a JDK may change: the same run, the same loop, everywhere.
        return turns.loop(31 * run.tenant().hashCode() + run.run().hashCode());
    }

    @Override
    public void append(Append append, Loop loop, Consumer<AppendResult> done) {
        appends.write(append, loop, done);
    }

    @Override
    public void durable(Mailbox mailbox, List<Event> events) {
        parts.listener().durable(mailbox.run(), events);
        values.settle(mailbox.durableState());
        mailbox.durableState()
                .instance()
                .ifPresent(instance -> parts.listener().newest(new InstanceRef(mailbox.run(), instance.epoch())));
        if (mailbox.durableState().outcome().isPresent()) {
            parts.listener().decided(mailbox.run());
        }
    }

    @Override
    public void act(Mailbox mailbox, Act act) {
        acts.carryOut(mailbox, act);
    }

    @Override
    public void refused(RunRef run, Act.TellOperator refusal) {
        parts.listener().refused(run, refusal.epoch(), refusal.reason(), refusal.detail());
    }

    @Override
    public void closed(Mailbox mailbox) {
        values.seal(mailbox.run());
        runs.remove(mailbox);
        forgetLater(mailbox);
        parts.listener().decided(mailbox.run());
    }

    @Override
    public void lost(Mailbox mailbox, AppendResult result) {
        LOG.info("run {} is no longer in the hands of host {}: {}", mailbox.run(), host, result);
        runs.remove(mailbox);
        forgetLater(mailbox);
        parts.listener().released(mailbox.run());
        if (!closed) {
            // Whatever it was that spoke against this host, the row has the last word: what is said to be another's may
            // have come back, or may not have been made yet when its owner was looked up.
            adoption.reload(mailbox.run(), Optional.of(mailbox.durable()));
        }
    }

    /** Lines of the run may still be on their way. */
    private void forgetLater(Mailbox mailbox) {
        RunRef run = mailbox.run();
        int times = values.times(run);
        mailbox.loop().later(FORGET_AFTER, () -> values.forget(run, times));
    }
}
