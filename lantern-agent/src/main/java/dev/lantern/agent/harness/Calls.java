package dev.lantern.agent.harness;

import dev.lantern.agent.clockwork.Clockwork;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The calls of one instance that are not answered yet. After {@link #end} nothing is sent any more and every
 * call is answered with the same problem. One thread at a time.
 */
final class Calls {
    /** Longer than any transport waits; it covers the transport that lost track. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final Transport transport;
    private final Clockwork clockwork;
    private final Consumer<Problem> fatal;
    private final Route route;
    private final SilentOwner silent;
    private final Set<RepeatedCall> work = new LinkedHashSet<>();
    private final Set<RepeatedCall> aside = new LinkedHashSet<>();
    private final List<Runnable> whenIdle = new ArrayList<>();
    private Optional<Problem> ended = Optional.empty();

    /** @param fatal told of a problem after which the instance can do nothing more, before its call is answered */
    Calls(RunRef run, int epoch, Transport transport, Clockwork clockwork, Consumer<Problem> fatal) {
        this.route = new Route(clockwork);
        this.silent = new SilentOwner(run, epoch, route, transport, clockwork);
        this.transport = transport;
        this.clockwork = clockwork;
        this.fatal = fatal;
    }

    /** Repeats {@code call} until it is answered; {@code answered} is told once. */
    void make(GatewayCall call, Consumer<GatewayReply> answered) {
        make(work, call, ANSWER_WITHIN, (reply, askedAt) -> answered.accept(reply));
    }

    /** As {@link #make}, but nobody waits for it when the instance drains. */
    void aside(GatewayCall call, Consumer<GatewayReply> answered) {
        aside(call, (reply, askedAt) -> answered.accept(reply));
    }

    /** As {@link #aside(GatewayCall, Consumer)}, for an answer whose age matters. */
    void aside(GatewayCall call, Answered answered) {
        make(aside, call, ANSWER_WITHIN, answered);
    }

    /** As {@link #aside(GatewayCall, Consumer)}, repeated sooner. */
    void heartbeat(GatewayCall.Heartbeat call, Duration answerWithin, Consumer<GatewayReply> answered) {
        make(aside, call, answerWithin, (reply, askedAt) -> answered.accept(reply));
    }

    /** Where the run's owner said that it is reached; from now on calls go there. */
    void ownerIsAt(Optional<String> owner) {
        route.ownerIsAt(owner);
    }

    /** Runs {@code then} as soon as no work is unanswered. */
    void whenIdle(Runnable then) {
        whenIdle.add(then);
        checkIdle();
    }

    void end(Problem problem) {
        if (ended.isPresent()) {
            return;
        }
        ended = Optional.of(problem);
        List<RepeatedCall> open = new ArrayList<>(work);
        open.addAll(aside);
        for (RepeatedCall call : open) {
            call.giveUp(new GatewayReply.Refused(problem));
        }
        checkIdle();
    }

    private void make(Set<RepeatedCall> kind, GatewayCall content, Duration answerWithin, Answered answered) {
        if (ended.isPresent()) {
            answered.told(new GatewayReply.Refused(ended.get()), clockwork.nanos());
            return;
        }
        RepeatedCall[] self = new RepeatedCall[1];
        self[0] = new RepeatedCall(content, answerWithin, route, silent, transport, clockwork, (reply, askedAt) -> {
            kind.remove(self[0]);
            reportFatal(reply);
            answered.told(reply, askedAt);
            checkIdle();
        });
        kind.add(self[0]);
        self[0].send();
    }

    private void reportFatal(GatewayReply reply) {
        if (ended.isEmpty()
                && reply instanceof GatewayReply.Refused refused
                && refused.problem().code().endsInstance()) {
            fatal.accept(refused.problem());
        }
    }

    private void checkIdle() {
        if (work.isEmpty()) {
            List<Runnable> ready = new ArrayList<>(whenIdle);
            whenIdle.clear();
            ready.forEach(Runnable::run);
        }
    }
}
