package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.Chain;
import dev.lantern.core.format.StoredOpening;
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
import dev.lantern.journal.HostLease;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunStatus;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
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
    private static final int CLAIM_AT_ONCE = 1_000;
    private static final int INBOX_AT_ONCE = 500;
    private static final Duration ASK_GATE_AGAIN = Duration.ofSeconds(1);
    private static final Duration READ_AGAIN = Duration.ofSeconds(1);

    private final Turns turns;
    private final Journal journal;
    private final Substrate substrate;
    private final GateKeeper gate;
    private final HostListener listener;
    private final EngineSettings settings;
    private final HostClock clock;
    private final OwnLease lease;
    private final Decisions decisions;
    private final ChainScribe scribe;
    private final ChainReader reader;
    private final EventCache cache;
    private final String address;
    private final GroupWriter<Append, AppendResult> appends;
    private final GroupWriter<Create, CreateResult> creates;
    private final ConcurrentSkipListMap<RunRef, Mailbox> mailboxes = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Long, Mailbox> byKey = new ConcurrentSkipListMap<>();
    private volatile long host;
    private volatile boolean closed;
    /** A claim's answer was lost: this host may own runs that it never heard of. Turns of loop 0 only. */
    private boolean claimedUnseen;

    /** Everything that a host is made of. */
    public record Parts(
            Turns turns,
            Journal journal,
            Substrate substrate,
            GateKeeper gate,
            Signatures signatures,
            ChainForms forms,
            HostListener listener,
            EngineSettings settings,
            String address) {}

    private Host(Parts parts) {
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.substrate = parts.substrate();
        this.gate = parts.gate();
        this.listener = parts.listener();
        this.settings = parts.settings();
        this.address = parts.address();
        this.clock = new HostClock(turns);
        this.lease = new OwnLease(turns);
        this.decisions = new Decisions(settings, parts.signatures(), () -> turns.random(32));
        this.scribe = parts.forms().scribe();
        this.cache = new EventCache(parts.forms().cacheBytes());
        this.reader = new ChainReader(journal, scribe, cache, settings.callWithin());
        Loop home = turns.loop(0);
        this.appends = new GroupWriter<>(
                "journal",
                turns.lane(LaneName.JOURNAL),
                home,
                GROUP,
                Append::key,
                group -> journal.append(group, settings.callWithin()));
        this.creates = new GroupWriter<>(
                "journal",
                turns.lane(LaneName.JOURNAL),
                home,
                GROUP,
                Create::run,
                group -> journal.create(group, settings.callWithin()));
    }

    /** Joins the journal as a new incarnation and begins to look after runs. Blocks until it has joined. */
    public static Host join(Parts parts) {
        Host host = new Host(parts);
        OwnLease.Grant asked = host.lease.asking(host.settings.lease());
        HostLease granted = host.journal.join(host.address, host.settings.lease(), host.settings.callWithin());
        host.clock.set(asked.nanos(), granted.now(), host.turns.nanos());
        host.lease.granted(asked);
        host.host = granted.host();
        host.substrate.open(host);
        host.turns.loop(0).run(host::renewLoop);
        host.turns.loop(0).run(host::adoptLoop);
        host.turns.loop(0).run(host::inboxLoop);
        return host;
    }

    /** Gives the runs up: they can be claimed at once. What waits for an answer is told to try again. Blocks. */
    public void leave() {
        closed = true;
        for (Mailbox mailbox : mailboxes.values()) {
            mailbox.loop().run(mailbox::abandon);
        }
        appends.close();
        creates.close();
        journal.leave(host, settings.callWithin());
    }

    @Override
    public long host() {
        return host;
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

    // -- from the host application -------------------------------------------------------------------------

    /**
     * Makes a run durable; from then on this host looks after it. The input stands in the event's row, however
     * large it is: before the run exists there is nothing to keep it under.
     *
     * @param done told on a loop: the run that stands, and whether it was made by this call
     */
    public void create(RunRef run, RunEvent.RunCreated created, Opening input, Consumer<CreateResult> done) {
        Loop loop = loop(run);
        Instant time = now().truncatedTo(ChronoUnit.MICROS);
        Event first = scribe.write(
                run,
                Chain.genesis(run),
                new Decision.Recorded(created, 0, time, List.of(new StoredOpening.Inline(input))));
        long term = lease.term();
        Create create = new Create(run, host, created.spec().name(), RunStatus.PENDING, List.of(first));
        creates.write(create, loop, result -> {
            if (result instanceof CreateResult.Created made && !mailboxes.containsKey(run)) {
                Head head = new Head(first.seq(), first.hash());
                own(new Mailbox(run, made.row().key(), RunState.first(run, created, time), head, loop, term, this))
                        .take(new Stimulus.Tick());
                listener.durable(run, List.of(first));
            }
            done.accept(result);
        });
    }

    /** Looks into the inbox now instead of at the next round. */
    public void lookIntoInbox() {
        turns.loop(0).run(this::readInbox);
    }

    /** Whether this host owns the run and looks after it now. */
    public boolean owns(RunRef run) {
        return mailboxes.containsKey(run);
    }

    /** How many runs this host owns. */
    public int owned() {
        return mailboxes.size();
    }

    // -- from instances ------------------------------------------------------------------------------------

    /**
     * Answers an instance's call; exactly once, in any thread, unless this host dies.
     *
     * @param secret what the caller proves itself with
     */
    public void call(byte[] secret, GatewayCall call, Consumer<GatewayReply> reply) {
        Stimulus.Called called = new Stimulus.Called(reply::accept, secret, call);
        Mailbox mailbox = mailboxes.get(call.run());
        if (mailbox == null) {
            callOfForeignRun(called);
            return;
        }
        Optional<Opening> large = largePayload(call);
        if (large.isPresent()) {
            keepThenTake(mailbox, called, large.get());
        } else {
            mailbox.loop().run(() -> mailbox.take(called));
        }
    }

    private static Optional<Opening> largePayload(GatewayCall call) {
        if (call instanceof GatewayCall.Complete complete) {
            return Optional.of(complete.result()).filter(Payloads::isLarge);
        } else if (call instanceof GatewayCall.Output output) {
            return Optional.of(output.output()).filter(Payloads::isLarge);
        }
        return Optional.empty();
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
                            if (outcome instanceof Outcome.Value<Boolean>) {
                                mailbox.take(called);
                            } else {
                                called.token().answer(unavailable("the payload could not be stored"));
                            }
                        });
    }

    /** A call for a run that this host does not own: said by whoever does, or by its sealed chain. */
    private void callOfForeignRun(Stimulus.Called called) {
        RunRef run = called.call().run();
        Loop loop = loop(run);
        turns.lane(LaneName.READS).call(loop, () -> foreign(called), (Outcome<GatewayReply> outcome) -> {
            if (outcome instanceof Outcome.Value<GatewayReply> answer) {
                called.token().answer(answer.value());
            } else {
                called.token().answer(unavailable("the journal does not answer"));
            }
        });
    }

    private GatewayReply foreign(Stimulus.Called called) {
        RunRef run = called.call().run();
        Optional<RunRow> row = journal.find(run, settings.callWithin());
        if (row.isEmpty()) {
            return refused(Problem.Code.UNKNOWN_INSTANCE, "no such instance");
        }
        if (row.get().host().isEmpty()) {
            return ofClosedRun(row.get(), called);
        }
        long owner = row.get().host().getAsLong();
        if (owner == host) {
            return unavailable("run " + run + " is being taken over");
        }
        return new GatewayReply.Refused(new Problem(
                Problem.Code.NOT_OWNER, "another host owns run " + run, journal.address(owner, settings.callWithin())));
    }

    /** The same proof and the same answers as for a live run; a sealed run gives nothing but refusals. */
    private GatewayReply ofClosedRun(RunRow row, Stimulus.Called called) {
        Folded folded = reader.fold(row);
        List<GatewayReply> replies = new ArrayList<>();
        Stimulus.Called listening = new Stimulus.Called(replies::add, called.secret(), called.call());
        Decision decision = decisions.decide(folded.state(), folded.head().seq(), new Vitals(now()), listening, now());
        decision.acts().forEach(act -> {
            if (act instanceof Act.Reply reply) {
                reply.token().answer(reply.reply());
            }
        });
        return replies.isEmpty() ? refused(Problem.Code.RUN_ENDED, "run " + row.run() + " has ended") : replies.get(0);
    }

    private static GatewayReply refused(Problem.Code code, String detail) {
        return new GatewayReply.Refused(Problem.of(code, detail));
    }

    private static GatewayReply unavailable(String detail) {
        return refused(Problem.Code.UNAVAILABLE, detail);
    }

    // -- from the substrate --------------------------------------------------------------------------------

    @Override
    public void ended(InstanceRef instance, InstanceEnd end) {
        stimulate(instance.run(), new Stimulus.Ended(instance.epoch(), end));
    }

    @Override
    public void logged(InstanceRef instance, String stream, String line) {
        listener.logged(instance, stream, line);
    }

    private void stimulate(RunRef run, Stimulus stimulus) {
        Mailbox mailbox = mailboxes.get(run);
        if (mailbox != null) {
            mailbox.loop().run(() -> mailbox.take(stimulus));
        }
    }

    // -- for mailboxes -------------------------------------------------------------------------------------

    @Override
    public void append(Append append, Loop loop, Consumer<AppendResult> done) {
        appends.write(append, loop, done);
    }

    @Override
    public void durable(Mailbox mailbox, List<Event> events) {
        listener.durable(mailbox.run(), events);
        if (mailbox.durableState().outcome().isPresent()) {
            listener.decided(mailbox.run());
        }
    }

    @Override
    public void closed(Mailbox mailbox) {
        disown(mailbox);
        listener.decided(mailbox.run());
    }

    @Override
    public void lost(Mailbox mailbox, AppendResult result) {
        LOG.info("run {} is no longer in the hands of host {}: {}", mailbox.run(), host, result);
        disown(mailbox);
        listener.released(mailbox.run());
        if (!(result instanceof AppendResult.NotOwner) && !closed) {
            reload(mailbox.run());
        }
    }

    @Override
    public void act(Mailbox mailbox, Act act) {
        if (act instanceof Act.Resume resume) {
            resume(mailbox, resume);
        } else if (act instanceof Act.Replay replay) {
            replay(mailbox, replay);
        } else if (act instanceof Act.AskGate) {
            askGate(mailbox);
        } else if (act instanceof Act.Start start) {
            start(mailbox, start);
        } else if (act instanceof Act.Stop stop) {
            stop(mailbox, stop);
        } else if (act instanceof Act.Discard discard) {
            discard(discard.inboxId());
        }
    }

    private void askGate(Mailbox mailbox) {
        turns.lane(LaneName.SUBSTRATE)
                .call(
                        mailbox.loop(),
                        () -> gate.decide(mailbox.durableState().spec()),
                        (Outcome<dev.lantern.gate.Decision> outcome) -> {
                            if (outcome instanceof Outcome.Value<dev.lantern.gate.Decision> decided) {
                                mailbox.take(new Stimulus.GateDecided(decided.value()));
                            } else if (outcome instanceof Outcome.Failure<dev.lantern.gate.Decision> failure) {
                                LOG.warn(
                                        "run {}: the gate's facts could not be had; asking again",
                                        mailbox.run(),
                                        failure.cause());
                                mailbox.loop()
                                        .later(ASK_GATE_AGAIN, () -> mailbox.take(new Stimulus.GateUnavailable()));
                            }
                        });
    }

    private void start(Mailbox mailbox, Act.Start start) {
        InstanceRef instance = new InstanceRef(mailbox.run(), start.epoch());
        InstanceStart request = new InstanceStart(
                instance,
                mailbox.durableState().spec(),
                start.placement(),
                HexFormat.of().formatHex(start.secret()),
                address);
        turns.lane(LaneName.SUBSTRATE)
                .call(
                        mailbox.loop(),
                        () -> {
                            substrate.start(request, settings.callWithin());
                            return true;
                        },
                        (Outcome<Boolean> outcome) -> {
                            if (outcome instanceof Outcome.Failure<Boolean> failure) {
                                LOG.warn("instance {} could not be started", instance, failure.cause());
                                mailbox.take(new Stimulus.StartFailed(start.epoch(), cause(failure.cause())));
                            } else {
                                mailbox.take(new Stimulus.Started(start.epoch()));
                            }
                        });
    }

    private void stop(Mailbox mailbox, Act.Stop stop) {
        InstanceRef instance = new InstanceRef(mailbox.run(), stop.epoch());
        turns.lane(LaneName.SUBSTRATE)
                .call(
                        mailbox.loop(),
                        () -> {
                            substrate.stop(instance, stop.grace(), stop.grace().plus(settings.callWithin()));
                            return true;
                        },
                        (Outcome<Boolean> outcome) -> {
                            if (outcome instanceof Outcome.Failure<Boolean> failure) {
                                LOG.warn("instance {} could not be stopped; trying again", instance, failure.cause());
                                mailbox.take(new Stimulus.StopFailed(stop.epoch()));
                            } else {
                                mailbox.take(new Stimulus.Stopped(stop.epoch()));
                            }
                        });
    }

    private static String cause(Throwable failure) {
        return failure instanceof LanternException ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    private void resume(Mailbox mailbox, Act.Resume resume) {
        RunState state = mailbox.durableState();
        turns.lane(LaneName.READS).call(mailbox.loop(), () -> input(mailbox), (Outcome<Optional<Opening>> outcome) -> {
            if (outcome instanceof Outcome.Value<Optional<Opening>> input
                    && input.value().isPresent()) {
                resume.token()
                        .answer(new GatewayReply.Enrolled(
                                1,
                                settings.heartbeatEvery(),
                                new GatewayReply.Resume(input.value().get(), state.completed(), state.inDoubt())));
            } else if (outcome instanceof Outcome.Value<Optional<Opening>>) {
                resume.token()
                        .answer(refused(Problem.Code.RUN_ENDED, "the input of run " + state.run() + " was erased"));
            } else {
                resume.token().answer(unavailable("the input could not be read"));
            }
        });
    }

    private Optional<Opening> input(Mailbox mailbox) {
        ChainReader.Placed first = reader.at(mailbox.run(), mailbox.key(), 1);
        return first.openings().isEmpty()
                ? Optional.empty()
                : reader.open(
                        mailbox.run(),
                        mailbox.key(),
                        first.openings().get(0),
                        first.commitments().get(0));
    }

    private void replay(Mailbox mailbox, Act.Replay replay) {
        turns.lane(LaneName.READS)
                .call(
                        mailbox.loop(),
                        () -> StepReplay.answer(reader, mailbox.run(), mailbox.key(), replay.call(), replay.seq()),
                        (Outcome<GatewayReply> outcome) -> {
                            if (outcome instanceof Outcome.Value<GatewayReply> answer) {
                                replay.token().answer(answer.value());
                            } else if (outcome instanceof Outcome.Failure<GatewayReply> failure) {
                                LOG.warn("run {}: a recorded step could not be read", mailbox.run(), failure.cause());
                                replay.token().answer(unavailable("the recorded result could not be read"));
                            }
                        });
    }

    private void discard(long inboxId) {
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> {
                            journal.discard(List.of(inboxId), settings.callWithin());
                            return true;
                        },
                        (Outcome<Boolean> outcome) -> {
                            if (outcome instanceof Outcome.Failure<Boolean> failure) {
                                // The message is read again, finds its event there, and is discarded then.
                                LOG.warn("inbox message {} could not be discarded", inboxId, failure.cause());
                            }
                        });
    }

    // -- lease, adoption, inbox ----------------------------------------------------------------------------

    private void renewLoop() {
        if (closed) {
            return;
        }
        turns.lane(LaneName.LEASE).call(turns.loop(0), this::renew, (Outcome<Boolean> outcome) -> {
            if (outcome instanceof Outcome.Failure<Boolean> failure) {
                LOG.warn("host {} could not renew its lease; trying again", host, failure.cause());
            }
            turns.loop(0).later(settings.lease().dividedBy(3), this::renewLoop);
        });
    }

    private boolean renew() {
        OwnLease.Grant asked = lease.asking(settings.lease());
        Optional<HostLease> granted = journal.renew(host, settings.lease(), settings.callWithin());
        granted.ifPresent(held -> {
            clock.correct(asked.nanos(), held.now(), turns.nanos());
            lease.granted(asked);
        });
        return granted.isPresent();
    }

    private void adoptLoop() {
        if (closed) {
            return;
        }
        if (claimedUnseen || mailboxes.values().stream().anyMatch(mailbox -> !mailbox.confirmed())) {
            reconcile();
        }
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> journal.claimLapsed(host, CLAIM_AT_ONCE, settings.callWithin()),
                        (Outcome<List<RunRow>> outcome) -> {
                            if (outcome instanceof Outcome.Value<List<RunRow>> claimed) {
                                adoptAll(claimed.value());
                            } else if (outcome instanceof Outcome.Failure<List<RunRow>> failure) {
                                LOG.warn(
                                        "host {} could not look for runs to adopt; trying again",
                                        host,
                                        failure.cause());
                                claimedUnseen = true;
                            }
                            turns.loop(0).later(settings.lease().dividedBy(3), this::adoptLoop);
                        });
    }

    /**
     * Holds what this host believes to own against what the journal says: after a lapse others may have adopted its
     * runs, and a claim whose answer was lost may have given it runs that it never heard of.
     */
    private void reconcile() {
        claimedUnseen = false;
        long term = lease.term();
        turns.lane(LaneName.READS).call(turns.loop(0), this::readOwned, (Outcome<SortedMap<Long, RunRow>> outcome) -> {
            if (outcome instanceof Outcome.Value<SortedMap<Long, RunRow>> owned) {
                reconciled(owned.value(), term);
            } else if (outcome instanceof Outcome.Failure<SortedMap<Long, RunRow>> failure) {
                LOG.warn("host {} could not list the runs it owns; trying again", host, failure.cause());
                claimedUnseen = true;
            }
        });
    }

    private SortedMap<Long, RunRow> readOwned() {
        SortedMap<Long, RunRow> owned = new TreeMap<>();
        List<RunRow> page;
        do {
            long after = owned.isEmpty() ? 0 : owned.lastKey();
            page = journal.owned(host, after, CLAIM_AT_ONCE, settings.callWithin());
            page.forEach(row -> owned.put(row.key(), row));
        } while (page.size() == CLAIM_AT_ONCE);
        return owned;
    }

    private void reconciled(SortedMap<Long, RunRow> owned, long term) {
        for (Mailbox mailbox : mailboxes.values()) {
            Optional<RunRow> row = Optional.ofNullable(owned.get(mailbox.key()));
            mailbox.loop().run(() -> mailbox.confirm(row, term));
        }
        adoptAll(owned.values().stream()
                .filter(row -> !mailboxes.containsKey(row.run()))
                .toList());
    }

    private void reload(RunRef run) {
        turns.lane(LaneName.READS)
                .call(
                        turns.loop(0),
                        () -> journal.find(run, settings.callWithin()),
                        (Outcome<Optional<RunRow>> outcome) -> {
                            if (outcome instanceof Outcome.Value<Optional<RunRow>> found) {
                                found.value()
                                        .filter(row -> row.host().isPresent()
                                                && row.host().getAsLong() == host)
                                        .ifPresent(row -> adoptAll(List.of(row)));
                            } else {
                                turns.loop(0).later(READ_AGAIN, () -> reload(run));
                            }
                        });
    }

    private void adoptAll(List<RunRow> rows) {
        if (rows.isEmpty() || closed) {
            return;
        }
        turns.lane(LaneName.SUBSTRATE)
                .call(
                        turns.loop(0),
                        () -> substrate.standing(settings.callWithin()),
                        (Outcome<List<InstanceRef>> outcome) -> {
                            if (outcome instanceof Outcome.Value<List<InstanceRef>> standing) {
                                rows.forEach(row -> adopt(row, standing.value()));
                            } else if (outcome instanceof Outcome.Failure<List<InstanceRef>> failure) {
                                LOG.warn(
                                        "what stands could not be listed; adopting {} runs later",
                                        rows.size(),
                                        failure.cause());
                                turns.loop(0).later(READ_AGAIN, () -> adoptAll(rows));
                            }
                        });
    }

    private void adopt(RunRow row, List<InstanceRef> standing) {
        Loop loop = loop(row.run());
        long term = lease.term();
        turns.lane(LaneName.READS).call(loop, () -> reader.fold(row), (Outcome<Folded> outcome) -> {
            if (outcome instanceof Outcome.Value<Folded> folded) {
                take(folded.value(), standing, loop, term);
            } else if (outcome instanceof Outcome.Failure<Folded> failure) {
                // A chain that this host cannot fold stays untouched: a newer host, or an operator, continues it.
                LOG.error("host {} could not read run {}; trying again", host, row.run(), failure.cause());
                turns.loop(0).later(READ_AGAIN, () -> reload(row.run()));
            }
        });
    }

    private void take(Folded folded, List<InstanceRef> standing, Loop loop, long term) {
        RunRow row = folded.row();
        if (closed || folded.state().sealed() || mailboxes.containsKey(row.run())) {
            return;
        }
        List<Integer> epochs = standing.stream()
                .filter(instance -> instance.run().equals(row.run()))
                .map(InstanceRef::epoch)
                .toList();
        own(new Mailbox(row.run(), row.key(), folded.state(), folded.head(), loop, term, this))
                .take(new Stimulus.Adopted(host, epochs));
    }

    private void inboxLoop() {
        if (closed) {
            return;
        }
        readInbox();
        turns.loop(0).later(settings.lease().dividedBy(5), this::inboxLoop);
    }

    private void readInbox() {
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> journal.inbox(host, INBOX_AT_ONCE, settings.callWithin()),
                        (Outcome<List<InboxMessage>> outcome) -> {
                            if (outcome instanceof Outcome.Value<List<InboxMessage>> messages) {
                                messages.value().forEach(this::deliver);
                            } else if (outcome instanceof Outcome.Failure<List<InboxMessage>> failure) {
                                LOG.warn("host {} could not read its inbox; trying again", host, failure.cause());
                            }
                        });
    }

    private void deliver(InboxMessage message) {
        Mailbox mailbox = byKey.get(message.key());
        if (mailbox == null) {
            // The run is being taken over; the message waits for the next round.
            return;
        }
        if (!InboxForms.isCancel(message)) {
            // Left where it is: a newer host may know what it means, and it must not hold up those behind it.
            LOG.warn(
                    "inbox message {} of run {} is of kind \"{}\", which this host does not know",
                    message.id(),
                    mailbox.run(),
                    message.kind());
            return;
        }
        Stimulus.Cancel cancel = new Stimulus.Cancel(message.id(), InboxForms.cancelReason(message));
        mailbox.loop().run(() -> mailbox.take(cancel));
    }

    // -- who is whose --------------------------------------------------------------------------------------

    private Mailbox own(Mailbox mailbox) {
        mailboxes.put(mailbox.run(), mailbox);
        byKey.put(mailbox.key(), mailbox);
        return mailbox;
    }

    private void disown(Mailbox mailbox) {
        mailboxes.remove(mailbox.run(), mailbox);
        byKey.remove(mailbox.key(), mailbox);
    }

    private Loop loop(RunRef run) {
        // Not the record's own hash, whose formula a JDK may change: the same run, the same loop, everywhere.
        return turns.loop(31 * run.tenant().hashCode() + run.run().hashCode());
    }
}
