package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.engine.Decision.Recorded;
import dev.lantern.core.turns.Loop;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Head;
import dev.lantern.journal.RunRow;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One run that this host owns: takes stimuli one after the other, writes what they lead to, and acts only behind
 * what is durable.
 *
 * <p>Decisions run ahead of the journal: while one append is under way, further stimuli are decided on the state
 * that it will lead to, and their events make up the next append. That is safe because nothing leaves this class
 * before its events are acknowledged, and because an append that loses ends the mailbox: the state is thrown
 * away with everything that was decided on it. Every method runs in turns of the run's loop.
 */
final class Mailbox {
    private final RunRef run;
    private final long key;
    private final Loop loop;
    private final Surroundings host;
    private final Vitals vitals;

    /** The state behind everything that was decided, durable or not. */
    private RunState state;

    private Head head;
    /** What the journal has acknowledged. */
    private RunState durableState;

    private Head durable;
    /** What is decided and not under way; the last one takes more. */
    private final ArrayDeque<Batch> next = new ArrayDeque<>();

    private @Nullable Batch underWay;
    private boolean abandoned;
    /** The term of the host's lease in which the journal last confirmed that the run is this host's, as it is here. */
    private volatile long confirmedIn;

    private Loop.@Nullable Timer tick;
    private @Nullable Instant tickAt;

    /** @param confirmedIn the term of the host's lease in which the run was known to be the host's, in this state */
    Mailbox(RunRef run, long key, RunState state, Head head, Loop loop, long confirmedIn, Surroundings host) {
        this.confirmedIn = confirmedIn;
        this.run = run;
        this.key = key;
        this.loop = loop;
        this.host = host;
        this.state = state;
        this.durableState = state;
        this.head = head;
        this.durable = head;
        this.vitals = new Vitals(host.now());
        vitals.heads().durable(head);
    }

    RunRef run() {
        return run;
    }

    long key() {
        return key;
    }

    Loop loop() {
        return loop;
    }

    /** The host's clock. */
    Instant now() {
        return host.now();
    }

    /** What is durable. */
    RunState durableState() {
        return durableState;
    }

    Head durable() {
        return durable;
    }

    /** Takes a stimulus; in a turn of the loop. */
    void take(Stimulus stimulus) {
        if (abandoned) {
            turnAway(stimulus, movedAway(run));
            return;
        }
        if (stimulus.caller().isPresent() && !host.ownsSince(confirmedIn)) {
            turnAway(stimulus, inDoubt(run));
            return;
        }
        Instant now = host.now();
        Decision decision = host.decisions().decide(state, head.seq(), vitals, stimulus, now);
        record(decision);
        if (underWay == null) {
            flush();
        }
        scheduleTick(now);
    }

    private void turnAway(Stimulus stimulus, GatewayReply why) {
        stimulus.caller().ifPresent(token -> token.answer(why));
        stimulus.waste().ifPresent(drop -> host.act(this, drop));
        // The store has answered all the same; else the repeated call would be told for ever that it is being asked.
        stimulus.askedAbout().ifPresent(vitals.secrets()::answered);
    }

    /** Ends this mailbox: another host owns the run, or this one is closing. Whoever waits is told to try again. */
    void abandon() {
        if (abandoned) {
            return;
        }
        abandoned = true;
        if (tick != null) {
            tick.cancel();
        }
        if (underWay != null) {
            refuse(underWay);
        }
        next.forEach(this::refuse);
    }

    private void refuse(Batch batch) {
        for (Act act : batch.acts) {
            act.caller().ifPresent(token -> token.answer(movedAway(run)));
            if (act instanceof Act.HandOver over) {
                // Whoever has the run now may find its event, and does not know the value: it is of use to nobody.
                host.act(this, new Act.DropSecret(over.lease().place(), over.secret()));
            } else if (act instanceof Act.DropSecret drop) {
                host.act(this, drop);
            }
        }
    }

    static GatewayReply movedAway(RunRef run) {
        return new GatewayReply.Refused(
                Problem.of(Problem.Code.UNAVAILABLE, "run " + run + " is moving to another host; repeat the call"));
    }

    /** Whether nobody can have adopted the run since it was last known to be this host's. In any thread. */
    boolean isOurs() {
        return host.ownsSince(confirmedIn);
    }

    boolean isOurs(RunRow row) {
        return row.host().isPresent() && row.host().getAsLong() == host.host();
    }

    /** The run was taken from this host, though its lease never lapsed. In a turn of the loop. */
    void taken() {
        if (!abandoned) {
            abandon();
            host.lost(this, new AppendResult.NotOwner(OptionalLong.empty()));
        }
    }

    /** Whether the journal has confirmed this mailbox in the present term of the host's lease. */
    boolean confirmed() {
        return confirmedIn == host.term();
    }

    /**
     * The journal showed {@code row} at some moment in {@code term}, or that the run was not this host's then. In a turn
     * of the loop.
     */
    void confirm(Optional<RunRow> row, long term) {
        if (abandoned || confirmedIn >= term) {
            return;
        }
        if (row.isEmpty()) {
            abandon();
            host.lost(this, new AppendResult.NotOwner(OptionalLong.empty()));
        } else if (row.get().head().seq() > durable.seq()
                && !isUnderWay(row.get().head())) {
            abandon();
            host.lost(this, new AppendResult.Conflict(row.get().head()));
        } else {
            confirmedIn = term;
        }
    }

    private boolean isUnderWay(Head stored) {
        return underWay != null && underWay.last().hash().equals(stored.hash());
    }

    static GatewayReply inDoubt(RunRef run) {
        return new GatewayReply.Refused(Problem.of(
                Problem.Code.NOT_OWNER,
                "this host cannot tell whether run " + run + " is still its own; repeat the call at the gateway"));
    }

    private void record(Decision decision) {
        Batch batch = roomFor(decision);
        for (Recorded recorded : decision.events()) {
            Event event = host.scribe().write(run, head, recorded);
            head = new Head(event.seq(), event.hash());
            batch.events.add(event);
        }
        batch.acts.addAll(decision.acts());
        state = decision.state();
        batch.state = state;
    }

    /** An append raises the epoch by one at most, so that each epoch was the newest in the journal at some moment. */
    private Batch roomFor(Decision decision) {
        Batch last = next.peekLast();
        if (last == null || decision.state().epoch() > last.epochBefore + 1) {
            last = new Batch(state);
            next.add(last);
        }
        return last;
    }

    private void flush() {
        while (underWay == null && !abandoned && !next.isEmpty()) {
            Batch batch = next.remove();
            if (batch.events.isEmpty()) {
                // Nothing to wait for: everything that these acts rest on is durable already.
                batch.acts.forEach(this::act);
            } else {
                write(batch);
            }
        }
    }

    private void write(Batch batch) {
        underWay = batch;
        batch.term = host.term();
        host.append(
                new Append(
                        key,
                        new Fence(host.host(), durableState.epoch(), durable),
                        batch.events,
                        batch.state.epoch(),
                        batch.state.status(),
                        batch.state.sealed()),
                loop,
                this::appended);
    }

    private void appended(AppendResult result) {
        if (abandoned) {
            return;
        }
        if (result instanceof AppendResult.Appended || result instanceof AppendResult.Replayed) {
            Batch batch = java.util.Objects.requireNonNull(underWay);
            underWay = null;
            durable = batch.last();
            vitals.heads().durable(durable);
            if (result instanceof AppendResult.Appended) {
                // Written behind the fence, after that term had begun: the run was this host's, and as it is here.
                confirmedIn = Math.max(confirmedIn, batch.term);
            }
            durableState = batch.state;
            host.durable(this, batch.events);
            batch.acts.forEach(this::act);
            if (durableState.sealed()) {
                host.closed(this);
            }
            flush();
        } else {
            abandon();
            host.lost(this, result);
        }
    }

    private void act(Act act) {
        if (act instanceof Act.Reply reply) {
            reply.token().answer(host.ownsSince(confirmedIn) ? reply.reply() : inDoubt(run));
        } else if (act instanceof Act.HandOver over && !host.ownsSince(confirmedIn)) {
            over.called().token().answer(inDoubt(run));
            host.act(this, new Act.DropSecret(over.lease().place(), over.secret()));
        } else if (act instanceof Act.HandOverAgain again && !host.ownsSince(confirmedIn)) {
            again.called().token().answer(inDoubt(run));
        } else if (act instanceof Act.Accept accept) {
            // True whoever owns the run by now: what is durable stays so.
            accept.token().answer(new GatewayReply.Accepted(durable.seq(), durable.hash()));
        } else {
            host.act(this, act);
        }
    }

    private void scheduleTick(Instant now) {
        Optional<Instant> due = host.decisions().nextTick(state, vitals, now);
        if (abandoned || due.isEmpty()) {
            return;
        }
        if (tick != null && tickAt != null && !tickAt.isAfter(due.get()) && tickAt.isAfter(now)) {
            // The turn that is planned comes early enough; it will plan the next one.
            return;
        }
        if (tick != null) {
            tick.cancel();
        }
        tickAt = due.get();
        tick = loop.later(Duration.between(now, due.get()), () -> {
            tick = null;
            take(new Stimulus.Tick());
        });
    }

    private static final class Batch {
        private final List<Event> events = new ArrayList<>();
        private final List<Act> acts = new ArrayList<>();
        private final int epochBefore;
        private RunState state;
        private long term;

        Batch(RunState before) {
            this.epochBefore = before.epoch();
            this.state = before;
        }

        Head last() {
            Event last = events.get(events.size() - 1);
            return new Head(last.seq(), last.hash());
        }
    }
}
