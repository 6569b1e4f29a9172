package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends one call again and again, with the same content, until it is answered for good or given up.
 *
 * <p>Answers of earlier sendings count as much as the last one's, because the gateway answers a repeat as it
 * answered the first; only "repeat" from an earlier sending says nothing any more.
 */
final class RepeatedCall {
    private static final Clockwork.Timer NONE = () -> {};
    /** A run that moves faster than this is followed with a pause. */
    private static final int MOVES_WITHOUT_PAUSE = 2;

    private enum State {
        NEW,
        SENT,
        PAUSING,
        OVER
    }

    private final GatewayCall call;
    private final Duration answerWithin;
    private final Route route;
    private final SilentOwner silent;
    private final Transport transport;
    private final Clockwork clockwork;
    private final Answered answered;
    private State state = State.NEW;
    private Clockwork.Timer timer = NONE;
    private int sendings;
    private int failures;
    private int moves;
    private long sentAt;

    RepeatedCall(
            GatewayCall call,
            Duration answerWithin,
            Route route,
            SilentOwner silent,
            Transport transport,
            Clockwork clockwork,
            Answered answered) {
        this.call = call;
        this.answerWithin = answerWithin;
        this.route = route;
        this.silent = silent;
        this.transport = transport;
        this.clockwork = clockwork;
        this.answered = answered;
    }

    void send() {
        if (state == State.OVER) {
            return;
        }
        int sending = ++sendings;
        long at = clockwork.nanos();
        sentAt = at;
        Optional<String> to = route.owner();
        state = State.SENT;
        timer = clockwork.later(answerWithin, () -> lost(sending, to));
        transport.send(to, call, outcome -> told(sending, at, to, outcome));
    }

    /** Ends the repeating with an answer that did not come from the gateway. */
    void giveUp(GatewayReply instead) {
        if (state != State.OVER) {
            settle(instead, sentAt);
        }
    }

    private void told(int sending, long at, Optional<String> from, Transport.Outcome outcome) {
        if (state == State.OVER) {
            return;
        }
        if (!(outcome instanceof Transport.Outcome.Answered answer)) {
            lost(sending, from);
            return;
        }
        route.heard(from);
        if (answer.reply() instanceof GatewayReply.Refused refused
                && refused.problem().code().repeatable()) {
            putOff(sending, from, refused.problem());
        } else {
            settle(answer.reply(), at);
        }
    }

    private void lost(int sending, Optional<String> to) {
        if (awaits(sending)) {
            route.lost(to, sentAt);
            pause(Backoff.after(++failures, clockwork));
        }
    }

    private void putOff(int sending, Optional<String> from, Problem problem) {
        if (!awaits(sending)) {
            return;
        }
        boolean follows =
                problem.code() == Problem.Code.NOT_OWNER && problem.owner().isPresent();
        if (problem.code() == Problem.Code.NOT_OWNER) {
            problem.owner().ifPresent(silent::named);
            route.moved(from, problem.owner());
        }
        if (follows && moves++ < MOVES_WITHOUT_PAUSE) {
            pause(Duration.ZERO);
        } else {
            pause(Backoff.after(++failures, clockwork));
        }
    }

    private boolean awaits(int sending) {
        return state == State.SENT && sending == sendings;
    }

    private void pause(Duration delay) {
        timer.cancel();
        state = State.PAUSING;
        timer = clockwork.later(delay, this::send);
    }

    private void settle(GatewayReply reply, long askedAt) {
        timer.cancel();
        state = State.OVER;
        answered.told(reply, askedAt);
    }
}
