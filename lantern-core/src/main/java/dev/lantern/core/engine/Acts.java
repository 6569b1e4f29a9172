package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem;
import dev.lantern.core.gate.Ruling;
import dev.lantern.core.turns.LaneClosedException;
import dev.lantern.core.turns.LaneName;
import dev.lantern.core.turns.Outcome;
import dev.lantern.core.turns.Turns;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.spec.SecretRef;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what was decided and is durable, in lanes, and brings what became of it back to the mailbox. */
final class Acts {
    private static final Logger LOG = LoggerFactory.getLogger(Acts.class);
    private static final Duration ASK_GATE_AGAIN = Duration.ofSeconds(1);
    private static final String TOO_LATE =
            "the facts on which the gate had admitted it were too old by the time it could be started";

    private final Turns turns;
    private final Journal journal;
    private final Substrate substrate;
    private final GateKeeper gate;
    private final SecretActs secrets;
    private final Optional<CredentialIssuer> issuer;
    private final HostListener listener;
    private final ChainReader reader;
    private final EngineSettings settings;
    /** Where instances find this host. */
    private final String address;

    Acts(Host.Parts parts, ChainReader reader, SecretValues values) {
        this.secrets = new SecretActs(parts, values);
        this.issuer = parts.issuer();
        this.listener = parts.listener();
        this.turns = parts.turns();
        this.journal = parts.journal();
        this.substrate = parts.substrate();
        this.gate = parts.gate();
        this.reader = reader;
        this.settings = parts.settings();
        this.address = parts.address();
    }

    void carryOut(Mailbox mailbox, Act act) {
        if (act instanceof Act.Resume resume) {
            resume(mailbox, resume);
        } else if (act instanceof Act.Replay replay) {
            replay(mailbox, replay);
        } else if (act instanceof Act.CompareInput compare) {
            compareInput(mailbox, compare);
        } else if (act instanceof Act.FindHead find) {
            findHead(mailbox, find);
        } else if (act instanceof Act.AskGate ask) {
            askGate(mailbox, ask);
        } else if (act instanceof Act.Start start) {
            start(mailbox, start);
        } else if (act instanceof Act.AskCheckpoints ask) {
            askCheckpoints(mailbox, ask.epoch());
        } else if (act instanceof Act.CompareOnceMore compare) {
            compareOnceMore(mailbox, compare.called());
        } else if (act instanceof Act.Stop stop) {
            stop(mailbox, stop);
        } else if (act instanceof Act.Discard discard) {
            discard(discard.inboxId());
        } else if (act instanceof Act.Certify certify) {
            certify(mailbox, certify);
        } else if (act instanceof Act.TellOperator tell) {
            listener.refused(mailbox.run(), tell.epoch(), tell.reason(), tell.detail());
        } else {
            secrets.carryOut(mailbox, act);
        }
    }

    private <T> void inLane(
            LaneName lane, Mailbox mailbox, Callable<T> call, Consumer<T> done, Consumer<Throwable> failed) {
        turns.lane(lane).call(mailbox.loop(), call, (Outcome<T> outcome) -> {
            if (outcome instanceof Outcome.Value<T> value) {
                done.accept(value.value());
            } else if (outcome instanceof Outcome.Failure<T> failure) {
                failed.accept(failure.cause());
            }
        });
    }

    /** What a closing host can do no more is no failure of the run: its next owner does it. Callers are answered all the same. */
    private static Consumer<Throwable> unlessClosing(Consumer<Throwable> failed) {
        return failure -> {
            if (!(failure instanceof LaneClosedException)) {
                failed.accept(failure);
            }
        };
    }

    private void askGate(Mailbox mailbox, Act.AskGate ask) {
        inLane(
                LaneName.SUBSTRATE,
                mailbox,
                () -> {
                    UseBy asking = UseBy.asking(turns);
                    Ruling ruling = gate.decide(
                            mailbox.run().tenant(), mailbox.durableState().spec(), ask.earlier());
                    return new Stimulus.GateDecided(ruling.decision(), asking.until(ruling.goodUntil()));
                },
                mailbox::take,
                unlessClosing(failure -> {
                    LOG.warn("run {}: the gate's facts could not be had; asking again", mailbox.run(), failure);
                    mailbox.loop().later(ASK_GATE_AGAIN, () -> mailbox.take(new Stimulus.GateUnavailable()));
                }));
    }

    private void start(Mailbox mailbox, Act.Start start) {
        InstanceRef instance = new InstanceRef(mailbox.run(), start.epoch());
        RunState state = mailbox.durableState();
        Optional<Duration> remaining = remaining(state);
        inLane(
                LaneName.SUBSTRATE,
                mailbox,
                () -> {
                    if (start.useBy().isOver(turns)) {
                        return new Stimulus.StartFailed(start.epoch(), TOO_LATE);
                    }
                    substrate.start(
                            new InstanceStart(
                                    instance,
                                    state.spec(),
                                    start.placement(),
                                    HexFormat.of().formatHex(start.secret()),
                                    address,
                                    remaining,
                                    issuer.map(authority -> authority.trust(settings.callWithin()))),
                            settings.callWithin());
                    return new Stimulus.Started(start.epoch());
                },
                mailbox::take,
                unlessClosing(failure -> {
                    LOG.warn("instance {} could not be started", instance, failure);
                    mailbox.take(new Stimulus.StartFailed(start.epoch(), cause(failure)));
                }));
    }

    private void askCheckpoints(Mailbox mailbox, int epoch) {
        InstanceRef instance = new InstanceRef(mailbox.run(), epoch);
        inLane(
                LaneName.CALLERS,
                mailbox,
                () -> substrate.verified(instance),
                passed -> passed.forEach(one -> mailbox.take(new Stimulus.Verified(epoch, one))),
                unlessClosing(failure ->
                        LOG.warn("what instance {} has passed could not be told; it asks again", instance, failure)));
    }

    private void compareOnceMore(Mailbox mailbox, Stimulus.Called called) {
        InstanceRef instance = new InstanceRef(mailbox.run(), called.call().epoch());
        inLane(
                LaneName.CALLERS,
                mailbox,
                () -> new Stimulus.Compared(called, substrate.compare(instance, settings.callWithin())),
                mailbox::take,
                failure -> {
                    LOG.warn(
                            "whether instance {} is still what was admitted could not be told; it asks again",
                            instance,
                            failure);
                    mailbox.take(new Stimulus.Compared(called, Optional.empty()));
                });
    }

    private void certify(Mailbox mailbox, Act.Certify certify) {
        inLane(
                LaneName.KEYS,
                mailbox,
                () -> new Stimulus.Certified(
                        certify.called(),
                        certify.compared(),
                        Optional.of(issuer.orElseThrow().issue(certify.subject(), settings.callWithin()))),
                mailbox::take,
                failure -> {
                    LOG.warn(
                            "instance {} could not be certified; it asks again",
                            certify.subject().instance(),
                            failure);
                    mailbox.take(new Stimulus.Certified(certify.called(), certify.compared(), Optional.empty()));
                });
    }

    private Optional<Duration> remaining(RunState state) {
        return state.spec()
                .limits()
                .timeout()
                .map(timeout -> timeout.minus(Duration.between(state.createdAt(), turns.now())));
    }

    private static String cause(Throwable failure) {
        return failure instanceof LanternException ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    private void stop(Mailbox mailbox, Act.Stop stop) {
        InstanceRef instance = new InstanceRef(mailbox.run(), stop.epoch());
        inLane(
                LaneName.SUBSTRATE,
                mailbox,
                () -> substrate.stop(instance, stop.grace(), stop.grace().plus(settings.callWithin())),
                gone -> mailbox.take(
                        gone ? new Stimulus.Stopped(stop.epoch()) : new Stimulus.StillEnding(stop.epoch())),
                unlessClosing(failure -> {
                    LOG.warn("instance {} could not be stopped; trying again", instance, failure);
                    mailbox.take(new Stimulus.StopFailed(stop.epoch()));
                }));
    }

    private void resume(Mailbox mailbox, Act.Resume resume) {
        RunState state = mailbox.durableState();
        inLane(
                LaneName.READS,
                mailbox,
                () -> input(mailbox),
                input -> resume.token()
                        .answer(input.<GatewayReply>map(opening -> enrolled(state, resume, opening))
                                .orElseGet(() -> Replies.refused(
                                        Problem.Code.RUN_ENDED, "the input of run " + state.run() + " was erased"))),
                failure -> {
                    LOG.warn("run {}: the input could not be read", state.run(), failure);
                    resume.token().answer(Replies.unavailable("the input could not be read"));
                });
    }

    private GatewayReply enrolled(RunState state, Act.Resume resume, Opening input) {
        return new GatewayReply.Enrolled(
                resume.protocol(),
                settings.heartbeatEvery(),
                Optional.of(address),
                new GatewayReply.Resume(
                        input, state.steps().inOrder(), state.steps().inDoubt(state.epoch())),
                resume.credentials(),
                resume.protocol() < Enrolment.SECRETS
                        ? List.of()
                        : state.spec().secrets().stream()
                                .map(SecretRef::envName)
                                .toList());
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
        inLane(
                LaneName.READS,
                mailbox,
                () -> StepReplay.answer(reader, mailbox.run(), mailbox.key(), replay.call(), replay.seq()),
                reply -> told(mailbox, replay.called(), reply),
                failure -> {
                    LOG.warn("run {}: a recorded step could not be read", mailbox.run(), failure);
                    replay.called().token().answer(Replies.unavailable("the recorded result could not be read"));
                });
    }

    private static void told(Mailbox mailbox, Stimulus.Called called, GatewayReply reply) {
        if (reply instanceof GatewayReply.Refused refused) {
            mailbox.take(new Stimulus.TurnedAway(called, refused.problem()));
        } else {
            called.token().answer(reply);
        }
    }

    private void compareInput(Mailbox mailbox, Act.CompareInput compare) {
        Stimulus.Called called = compare.called();
        inLane(
                LaneName.READS,
                mailbox,
                () -> StepReplay.divergence(reader, mailbox.run(), mailbox.key(), compare.call(), compare.seq()),
                problem -> mailbox.take(problem.<Stimulus>map(found -> new Stimulus.TurnedAway(called, found))
                        .orElseGet(() -> called.sameInputAs(compare.seq()))),
                failure -> {
                    LOG.warn("run {}: the begin of a step could not be read", mailbox.run(), failure);
                    called.token().answer(Replies.unavailable("the step's recorded input could not be read"));
                });
    }

    /** A journal keeps what it acknowledged for ever, whoever owns the run; who does not own it must not tell. */
    private void findHead(Mailbox mailbox, Act.FindHead find) {
        record Found(boolean holds, boolean ours) {}
        inLane(
                LaneName.READS,
                mailbox,
                () -> {
                    boolean holds = reader.holds(mailbox.key(), find.seq(), find.hash());
                    Optional<RunRow> row = journal.find(mailbox.run(), settings.callWithin());
                    return new Found(holds, row.isPresent() && mailbox.isOurs(row.get()));
                },
                found -> {
                    if (!found.ours()
                            || found.holds() && find.seq() > mailbox.durable().seq()) {
                        mailbox.taken();
                    }
                    mailbox.take(
                            found.holds()
                                    ? new Stimulus.HeadFound(find.called(), find.seq())
                                    : new Stimulus.Regressed(Optional.of(find.called()), find.seq(), find.hash()));
                },
                failure -> {
                    LOG.warn("run {}: an acknowledged event could not be looked for", mailbox.run(), failure);
                    find.called().token().answer(Replies.unavailable("the journal does not answer"));
                });
    }

    private void discard(long inboxId) {
        turns.lane(LaneName.LEASE)
                .call(
                        turns.loop(0),
                        () -> {
                            journal.discard(List.of(inboxId), settings.callWithin());
                            return inboxId;
                        },
                        (Outcome<Long> outcome) -> {
                            if (outcome instanceof Outcome.Failure<Long> failure) {
                                // The message is read again, finds its event there, and is discarded then.
                                LOG.warn("inbox message {} could not be discarded", inboxId, failure.cause());
                            }
                        });
    }
}
