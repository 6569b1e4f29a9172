package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.engine.Decision.Recorded;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.StoredOpening;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One decision in the making: the state as far as it has come, and what was decided so far. One use, one thread. */
final class Turn {
    private final Instant now;
    private final RefusalCounts refusals;
    private final List<Recorded> events = new ArrayList<>();
    private final List<Act> acts = new ArrayList<>();
    private RunState state;
    private long seq;

    /**
     * @param seq the chain's last sequence number, events that are not yet durable included
     * @param refusals those that no event tells of yet
     */
    Turn(RunState state, long seq, Instant now, RefusalCounts refusals) {
        this.state = state;
        this.seq = seq;
        this.now = now;
        this.refusals = refusals;
    }

    RunState state() {
        return state;
    }

    /** The sequence number of the last event decided so far. */
    long seq() {
        return seq;
    }

    Instant now() {
        return now;
    }

    void record(RunEvent event, StoredOpening... openings) {
        // Event times never run backwards within a run, whatever the clocks of its owners did.
        Instant time = max(now, state.lastEventAt()).truncatedTo(ChronoUnit.MICROS);
        state = state.apply(event, ++seq, time);
        events.add(new Recorded(event, state.epoch(), time, List.of(openings)));
    }

    void act(Act act) {
        acts.add(act);
    }

    void reply(CallToken token, GatewayReply reply) {
        acts.add(new Act.Reply(token, reply));
    }

    void refuse(CallToken token, Problem.Code code, String detail) {
        reply(token, new GatewayReply.Refused(Problem.of(code, detail)));
    }

    /** Refuses a caller that proved itself: an event tells of it, unless the run has ended. */
    void refuseOnRecord(Stimulus.Called called, Problem.Code code, String detail) {
        refuse(called.token(), code, detail);
        if (state.sealed()) {
            tellOperator(code.wireName(), called, detail);
        } else {
            count(code.wireName(), called.call().epoch(), detail);
        }
    }

    /** Refuses a caller that proved nothing: the chain is not for strangers to write into. */
    void refuseStranger(Stimulus.Called called, String reason, String detail) {
        refuse(called.token(), Problem.Code.UNKNOWN_INSTANCE, Strangers.ANSWER);
        tellOperator(reason, called, detail);
    }

    private void tellOperator(String reason, Stimulus.Called called, String detail) {
        act(new Act.TellOperator(reason, called.call().epoch(), detail));
    }

    /** Counts a refusal of this instance: the first of a reason is an event at once. */
    void count(String reason, int instance, String detail) {
        refusals.count(reason, instance, detail);
        refusals.tell(this);
    }

    /** Refuses a secret that the spec does not grant. */
    void refuseSecret(Stimulus.Called called, String name) {
        refuse(called.token(), Problem.Code.SECRET_REFUSED, noSecret(name));
        refusals.countSecret(name, called.call().epoch());
        refusals.tell(this);
    }

    /** What an instance is told of a secret that it is not given, whatever the reason. */
    static String noSecret(String name) {
        return "there is no secret " + name + " for this run";
    }

    void accept(CallToken token) {
        acts.add(new Act.Accept(token));
    }

    Decision done() {
        return new Decision(state, events, acts);
    }

    private static Instant max(Instant a, @Nullable Instant b) {
        return b == null || a.isAfter(b) ? a : b;
    }
}
