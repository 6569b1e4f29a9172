package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
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
import java.util.Optional;
import java.util.OptionalLong;

/** Answers calls for runs that this host does not own: with the owner's address, from the sealed chain, or by moving the run. */
final class ForeignCalls {
    private final Turns turns;
    private final Journal journal;
    private final ChainReader reader;
    private final Surroundings host;
    private final Moves moves;
    private final Duration within;

    ForeignCalls(Turns turns, Journal journal, ChainReader reader, Surroundings host, Moves moves, Duration within) {
        this.turns = turns;
        this.journal = journal;
        this.reader = reader;
        this.host = host;
        this.moves = moves;
        this.within = within;
    }

    void answer(Stimulus.Called called, Loop loop) {
        if (called.call() instanceof GatewayCall.Unreachable unreachable) {
            moves.take(called, unreachable, loop);
            return;
        }
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
            return Replies.unknownRun(host, called);
        }
        if (row.get().status().terminal()) {
            // The same proof as for a live run; a sealed one takes nothing but repeats of what it holds.
            return Replies.toInstance(host, reader.fold(row.get()), called);
        }
        OptionalLong owner = row.get().host();
        if (owner.isEmpty() || owner.getAsLong() == host.host()) {
            return Replies.unavailable("run " + run + " is being taken over");
        }
        return new GatewayReply.Refused(new Problem(
                Problem.Code.NOT_OWNER, "another host owns run " + run, journal.address(owner.getAsLong(), within)));
    }
}
