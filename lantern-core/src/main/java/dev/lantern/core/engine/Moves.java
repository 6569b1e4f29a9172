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
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a run over on the word of its instance that the owner does not answer it.
 *
 * <p>The word counts if it comes from the newest instance, by its proof against the chain; if it names the address at
 * which the owner is reached now; if the owner was asked often enough and is silent for long enough; and if the run has
 * not moved lately. Then one compare-and-set takes the run from that owner, which is fenced in its next write. Since the
 * owner's lease may hold, it may answer from what it knew for one lease more: so long the run is nobody's to answer.
 */
final class Moves {
    private static final Logger LOG = LoggerFactory.getLogger(Moves.class);
    private static final int FEWEST_TRIES = 2;

    private final Turns turns;
    private final Journal journal;
    private final ChainReader reader;
    private final EngineSettings settings;
    private final Surroundings host;
    private final Takeover takeover;
    private final String address;

    Moves(Host.Parts parts, Surroundings host, ChainReader reader, Takeover takeover) {
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.settings = parts.settings();
        this.address = parts.address();
        this.host = host;
        this.reader = reader;
        this.takeover = takeover;
    }

    /** What an instance's word comes to. */
    private sealed interface Verdict {
        record Answer(GatewayReply reply) implements Verdict {}

        record Move(RunRow row, long from) implements Verdict {}
    }

    void take(Stimulus.Called called, GatewayCall.Unreachable call, Loop loop) {
        turns.lane(LaneName.READS).call(loop, () -> judge(called, call), (Outcome<Verdict> outcome) -> {
            if (outcome instanceof Outcome.Value<Verdict> value && value.value() instanceof Verdict.Answer answer) {
                called.token().answer(answer.reply());
            } else if (outcome instanceof Outcome.Value<Verdict> value && value.value() instanceof Verdict.Move move) {
                turns.loop(0).run(() -> claim(called, move.row(), move.from()));
            } else {
                called.token().answer(Replies.unavailable("the journal does not answer"));
            }
        });
    }

    private Verdict judge(Stimulus.Called called, GatewayCall.Unreachable call) {
        RunRef run = call.run();
        Optional<RunRow> row = journal.find(run, settings.callWithin());
        if (row.isEmpty() || row.get().retained() == Retained.TOMBSTONE) {
            return new Verdict.Answer(Replies.unknownRun(host, called));
        }
        Folded folded = reader.fold(row.get());
        GatewayReply proven = Replies.toInstance(host, folded, called);
        if (!(proven instanceof GatewayReply.Alive)) {
            return new Verdict.Answer(proven);
        }
        if (row.get().host().isEmpty() || row.get().host().getAsLong() == host.host()) {
            return new Verdict.Answer(Replies.unavailable("run " + run + " is being taken over"));
        }
        long owner = row.get().host().getAsLong();
        Optional<String> reached = journal.address(owner, settings.callWithin());
        boolean silent = reached.isEmpty()
                || reached.get().equals(call.owner())
                        && call.tries() >= FEWEST_TRIES
                        && call.silence().compareTo(settings.moveAfter()) >= 0;
        return silent && rested(folded.state())
                ? new Verdict.Move(row.get(), owner)
                : new Verdict.Answer(notOwner(run, reached));
    }

    /** An instance that reaches nobody's own address must not send its run round and round. */
    private boolean rested(RunState state) {
        Duration rest = settings.moveAfter().multipliedBy(2);
        Instant now = host.now();
        return state.adoptedAt().map(at -> !now.isBefore(at.plus(rest))).orElse(true);
    }

    private void claim(Stimulus.Called called, RunRow row, long from) {
        takeover.claiming(row.key());
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> journal.claim(row.key(), from, host.host(), settings.callWithin())
                                .orElse(row),
                        (Outcome<RunRow> outcome) -> {
                            if (outcome instanceof Outcome.Value<RunRow> claimed) {
                                claimed(called, claimed.value());
                            } else if (outcome instanceof Outcome.Failure<RunRow> failure) {
                                LOG.warn("run {} may have been claimed from host {}", row.run(), from, failure.cause());
                                takeover.uncertain();
                                called.token().answer(Replies.unavailable("the journal does not answer"));
                            }
                        });
    }

    private void claimed(Stimulus.Called called, RunRow row) {
        if (row.host().isPresent() && row.host().getAsLong() == host.host()) {
            LOG.info("host {} takes run {} over: its owner does not answer its instance", host.host(), row.run());
            takeover.takeUp(row, Optional.empty());
            called.token().answer(notOwner(row.run(), Optional.of(address)));
        } else {
            takeover.lostTo(row.key());
            called.token().answer(Replies.unavailable("run " + row.run() + " is moving; repeat the call"));
        }
    }

    private static GatewayReply notOwner(RunRef run, Optional<String> reached) {
        return new GatewayReply.Refused(
                new Problem(Problem.Code.NOT_OWNER, "run " + run + " is answered elsewhere", reached));
    }
}
