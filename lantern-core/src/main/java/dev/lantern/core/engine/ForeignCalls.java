package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Loop;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.Retained;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers calls for runs that this host does not own: with the owner's address, or from the sealed chain. */
final class ForeignCalls {
    private final Turns turns;
    private final Journal journal;
    private final ChainReader reader;
    private final Surroundings host;
    private final Duration within;

    ForeignCalls(Turns turns, Journal journal, ChainReader reader, Surroundings host, Duration within) {
        this.turns = turns;
        this.journal = journal;
        this.reader = reader;
        this.host = host;
        this.within = within;
    }

    void answer(Stimulus.Called called, Loop loop) {
        turns.lane(LaneName.READS).call(loop, () -> reply(called), (Outcome<GatewayReply> outcome) -> {
            if (outcome instanceof Outcome.Value<GatewayReply> answer) {
                called.token().answer(answer.value());
            } else {
                called.token().answer(Replies.unavailable("the journal does not answer"));
            }
        });
    }

    private GatewayReply reply(Stimulus.Called called) {
        RunRef run = called.call().run();
        Optional<RunRow> row = journal.find(run, within);
        // Of a deleted run nothing is left by which a caller could prove itself.
        if (row.isEmpty() || row.get().retained() == Retained.TOMBSTONE) {
            return Replies.refused(Problem.Code.UNKNOWN_INSTANCE, "no such instance");
        }
        if (row.get().status().terminal()) {
            return ofClosedRun(row.get(), called);
        }
        OptionalLong owner = row.get().host();
        if (owner.isEmpty() || owner.getAsLong() == host.host()) {
            return Replies.unavailable("run " + run + " is being taken over");
        }
        return new GatewayReply.Refused(new Problem(
                Problem.Code.NOT_OWNER, "another host owns run " + run, journal.address(owner.getAsLong(), within)));
    }

    /** The same proof and the same answers as for a live run; a sealed run takes nothing but repeats of what it holds. */
    private GatewayReply ofClosedRun(RunRow row, Stimulus.Called called) {
        Folded folded = reader.fold(row);
        List<GatewayReply> replies = new ArrayList<>();
        Stimulus.Called listening = new Stimulus.Called(replies::add, called.secret(), called.call());
        Decision decision = host.decisions()
                .decide(folded.state(), folded.head().seq(), new Vitals(host.now()), listening, host.now());
        decision.acts().forEach(act -> {
            if (act instanceof Act.Reply reply) {
                reply.token().answer(reply.reply());
            } else if (act instanceof Act.Accept accept) {
                accept.token()
                        .answer(new GatewayReply.Accepted(
                                folded.head().seq(), folded.head().hash()));
            }
        });
        return replies.isEmpty()
                ? Replies.refused(Problem.Code.RUN_ENDED, "run " + row.run() + " has ended")
                : replies.get(0);
    }
}
