package dev.lantern.core.engine;

import dev.lantern.agent.wire.Problem;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.event.RunEvent.Budget;
import dev.lantern.core.gate.Earlier;
import dev.lantern.gate.Decision.Admitted;
import dev.lantern.gate.Decision.Refused;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.spec.SecretUri;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import dev.lantern.value.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * State × stimulus → events and acts: the one place where a run's life is decided.
 *
 * <p>A stimulus only says what happened. What follows from it is found by {@link #advance}, which looks at the
 * whole state each time, so that nothing depends on a message that a crash may have swallowed. Deterministic in
 * its arguments; knows no clock, no thread and no backend.
 */
final class Decisions {
    private static final Duration STOP_AGAIN = Duration.ofSeconds(2);
    private static final Duration REVOKE_AGAIN = Duration.ofSeconds(2);
    /** The pauses while something is ending by itself; the last one lasts. */
    private static final List<Duration> LOOK_AGAIN =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

    private final EngineSettings settings;
    private final InstanceCalls calls;
    private final Endings endings;
    private final Supplier<byte[]> secrets;

    /**
     * @param beforeEnrolment the checkpoints that an instance has to have passed before it may enrol
     * @param attester judges what an instance that enrols has found inside; empty where it has no sandbox of its own
     * @param certifies whether instances that enrol are given credentials
     * @param policy which secrets are given to whom
     * @param secrets makes the unpredictable 32 bytes that each new instance proves itself with
     */
    Decisions(
            EngineSettings settings,
            Signatures signatures,
            List<String> beforeEnrolment,
            Optional<Attester> attester,
            boolean certifies,
            SecretPolicy policy,
            Supplier<byte[]> secrets) {
        this.settings = settings;
        this.endings = new Endings(settings);
        this.calls = new InstanceCalls(
                signatures,
                new Enrolment(signatures, beforeEnrolment, attester, endings, certifies),
                new SecretCalls(policy));
        this.secrets = secrets;
    }

    Decision decide(RunState state, long seq, Vitals vitals, Stimulus stimulus, Instant now) {
        Turn turn = new Turn(state, seq, now, vitals.refusals());
        take(turn, vitals, stimulus);
        advance(turn, vitals);
        return turn.done();
    }

    /** When {@link Stimulus.Tick} is next of use; empty when only something from outside can move the run. */
    Optional<Instant> nextTick(RunState state, Vitals vitals, Instant now) {
        List<Instant> due = new ArrayList<>();
        if (state.sealed()) {
            return Optional.empty();
        }
        vitals.nextStop().ifPresent(due::add);
        vitals.secrets().nextRevocation().ifPresent(due::add);
        Leases.nextExpiry(state).ifPresent(due::add);
        vitals.refusals().due(state, now).ifPresent(due::add);
        if (state.outcome().isPresent()) {
            Instant decided = state.decidedAt().orElse(now);
            due.add(decided.plus(settings.exitGrace()));
            due.add(decided.plus(settings.teardownWithin()));
        } else {
            timeoutAt(state).ifPresent(due::add);
            state.instance().ifPresent(instance -> due.add(givenUpAt(instance, vitals)));
            nextStartAt(state).ifPresent(due::add);
            vitals.gate().next().ifPresent(due::add);
        }
        return due.stream().filter(at -> at.isAfter(now)).min(Instant::compareTo);
    }

    private void take(Turn turn, Vitals vitals, Stimulus stimulus) {
        if (stimulus instanceof Stimulus.Called called) {
            calls.take(turn, vitals, called);
        } else if (stimulus instanceof Stimulus.HeadFound found) {
            vitals.heads().verified(found.seq());
            calls.take(turn, vitals, found.called());
        } else if (stimulus instanceof Stimulus.Compared compared) {
            calls.compared(turn, vitals, compared);
        } else if (stimulus instanceof Stimulus.Certified certified) {
            calls.certified(turn, vitals, certified);
        } else if (stimulus instanceof Stimulus.SecretIssued issued) {
            calls.secretIssued(turn, vitals, issued);
        } else if (stimulus instanceof Stimulus.SecretRenewed renewed) {
            calls.secretRenewed(turn, vitals, renewed);
        } else if (stimulus instanceof Stimulus.SecretUntold untold) {
            calls.secretUntold(turn, vitals, untold);
        } else if (stimulus instanceof Stimulus.ValueUnknown unknown) {
            calls.valueUnknown(turn, vitals, unknown);
        } else if (stimulus instanceof Stimulus.SecretRevoked revoked) {
            Leases.revoked(turn, vitals, revoked);
        } else if (stimulus instanceof Stimulus.RevocationUntold untold) {
            vitals.secrets().revokeAgain(untold.lease(), turn.now().plus(REVOKE_AGAIN));
        } else if (stimulus instanceof Stimulus.Regressed regressed) {
            regressed(turn, regressed);
        } else if (stimulus instanceof Stimulus.TurnedAway away) {
            turn.refuseOnRecord(
                    away.called(), away.problem().code(), away.problem().detail());
        } else if (stimulus instanceof Stimulus.Ended ended) {
            endings.ended(turn, vitals, ended.epoch(), ended.end());
        } else if (stimulus instanceof Stimulus.Verified passed) {
            verified(turn, passed.epoch(), passed.passed());
        } else if (stimulus instanceof Stimulus.Stopped stopped) {
            vitals.gone(stopped.epoch());
        } else if (stimulus instanceof Stimulus.StopFailed failed) {
            vitals.stopAgain(failed.epoch(), turn.now().plus(STOP_AGAIN));
        } else if (stimulus instanceof Stimulus.StillEnding ending) {
            int looked = Math.min(vitals.stillEnding(ending.epoch()), LOOK_AGAIN.size());
            vitals.stopAgain(ending.epoch(), turn.now().plus(LOOK_AGAIN.get(looked - 1)));
        } else if (stimulus instanceof Stimulus.Started started) {
            vitals.startAnswered(started.epoch());
        } else if (stimulus instanceof Stimulus.StartFailed failed) {
            vitals.startAnswered(failed.epoch());
            endings.ended(turn, vitals, failed.epoch(), new InstanceEnd.StartFailed(failed.cause(), false));
        } else if (stimulus instanceof Stimulus.GateDecided decided) {
            gateDecided(turn, vitals, decided);
        } else if (stimulus instanceof Stimulus.GateUnavailable) {
            vitals.gate().answered();
        } else if (stimulus instanceof Stimulus.Cancel cancel) {
            cancel(turn, cancel);
        } else if (stimulus instanceof Stimulus.Adopted adopted) {
            adopted(turn, vitals, adopted);
        }
    }

    private void gateDecided(Turn turn, Vitals vitals, Stimulus.GateDecided decided) {
        vitals.gate().answered();
        if (turn.state().instance().isPresent()) {
            return;
        }
        expire(turn, vitals);
        if (turn.state().outcome().isPresent()) {
            return;
        }
        if (decided.decision() instanceof Admitted admitted) {
            vitals.gate().admitted();
            start(turn, vitals, admitted, decided.useBy());
        } else if (decided.decision() instanceof Refused refused) {
            refused(turn, vitals, refused);
        }
    }

    /** The boundary is what makes an instance: a run that has one behind it waits for the next, and never without one. */
    private void refused(Turn turn, Vitals vitals, Refused refused) {
        if (turn.state().instances() == 0) {
            turn.record(new RunEvent.RunRefused(refused.violations(), refused.evidence()));
            return;
        }
        turn.count(
                RunEvent.AnomalyDetected.GATE_REFUSED,
                turn.state().epoch(),
                refused.violations().stream().map(Violation::toString).collect(Collectors.joining("; ")));
        int refusals = vitals.gate().refused();
        vitals.gate().notBefore(turn.now().plus(settings.backoff(refusals + 1)));
        turn.state()
                .gateRefusedSince()
                .filter(since -> !turn.now().isBefore(since.plus(settings.refusedWithin())))
                .ifPresent(since -> turn.record(new RunEvent.ResumeRefused(refused.violations(), refused.evidence())));
    }

    /** The run goes no further: its completed steps may be among what was lost, and would be executed again. */
    private static void regressed(Turn turn, Stimulus.Regressed regressed) {
        if (turn.state().outcome().isEmpty() && !turn.state().sealed()) {
            turn.record(new RunEvent.JournalRegressed(regressed.seq(), regressed.hash()));
        }
        regressed
                .called()
                .ifPresent(called -> turn.refuse(
                        called.token(),
                        Problem.Code.JOURNAL_REGRESSED,
                        "event " + regressed.seq() + " of run " + turn.state().run()
                                + " was acknowledged and the journal no longer holds it; the run has failed"));
    }

    private static void cancel(Turn turn, Stimulus.Cancel cancel) {
        if (turn.state().outcome().isEmpty() && !turn.state().sealed()) {
            turn.record(new RunEvent.CancelRequested(cancel.reason()));
        }
        turn.act(new Act.Discard(cancel.inboxId()));
    }

    private void adopted(Turn turn, Vitals vitals, Stimulus.Adopted adopted) {
        if (turn.state().sealed()) {
            return;
        }
        turn.record(new RunEvent.RunAdopted(adopted.host()));
        adopted.standing().forEach(vitals::stands);
        if (adopted.standing().stream()
                .anyMatch(epoch -> turn.state().secret(epoch).isEmpty())) {
            // Nothing starts before its start is durable: the journal has lost that event.
            regressed(turn, new Stimulus.Regressed(Optional.empty(), turn.seq(), Optional.empty()));
            return;
        }
        turn.state()
                .instance()
                .filter(instance -> !adopted.standing().contains(instance.epoch()))
                .ifPresent(instance -> endings.ended(
                        turn, vitals, instance.epoch(), new InstanceEnd.Lost("the instance did not outlive its host")));
    }

    private static void verified(Turn turn, int epoch, Verified passed) {
        boolean known = turn.state()
                .instance()
                .map(instance -> instance.verified().contains(passed.checkpoint()))
                .orElse(false);
        if (Endings.isCurrent(turn, epoch) && turn.state().outcome().isEmpty() && !known) {
            turn.record(RunEvent.BoundaryVerified.of(passed));
        }
    }

    // -- what follows from where the run stands --------------------------------------------------------------

    private void advance(Turn turn, Vitals vitals) {
        if (turn.state().sealed()) {
            return;
        }
        vitals.refusals().tell(turn);
        expire(turn, vitals);
        Leases.sweep(turn, vitals, false);
        if (turn.state().outcome().isPresent()) {
            tearDown(turn, vitals);
        } else {
            keepGoing(turn, vitals);
        }
    }

    private void expire(Turn turn, Vitals vitals) {
        RunState state = turn.state();
        if (state.outcome().isPresent()) {
            return;
        }
        Optional<Instant> timeout = timeoutAt(state);
        if (timeout.isPresent() && !turn.now().isBefore(timeout.get())) {
            String allowed = state.spec().limits().timeout().orElseThrow().toString();
            turn.record(new RunEvent.LimitExceeded(
                    "timeout", Duration.between(state.createdAt(), turn.now()).toString(), allowed));
            return;
        }
        state.instance()
                .filter(instance -> !turn.now().isBefore(givenUpAt(instance, vitals)))
                .ifPresent(instance -> endings.lose(turn, silence(instance), Budget.INFRASTRUCTURE, false));
    }

    private String silence(Instance instance) {
        return instance.enrolled()
                ? "no heartbeat for " + settings.heartbeatSilence()
                : "the instance did not enrol within " + settings.enrolWithin();
    }

    private void keepGoing(Turn turn, Vitals vitals) {
        RunState state = turn.state();
        stopAllBut(state.instance().map(Instance::epoch).orElse(0), Duration.ZERO, turn, vitals);
        if (state.instance().isEmpty()
                && !turn.now().isBefore(nextStartAt(state).orElse(turn.now()))
                && vitals.gate().mayAsk(turn.now())) {
            vitals.gate().asked();
            turn.act(new Act.AskGate(
                    new Earlier(state.strength(), state.suspects(turn.now().minus(settings.suspectFor())))));
        }
    }

    /** The admission is durable together with the start that it is for, and good for nothing else. */
    private void start(Turn turn, Vitals vitals, Admitted admitted, UseBy useBy) {
        Placement placement = admitted.placement();
        byte[] secret = secrets.get();
        turn.record(new RunEvent.GatePassed(placement.isolation(), placement.handler(), admitted.evidence()));
        if (turn.state().instances() > 0) {
            turn.record(new RunEvent.RunResumed(turn.state().steps().completed()));
        }
        turn.record(new RunEvent.InstanceStarted(Digest.sha256(secret)));
        int epoch = turn.state().epoch();
        vitals.heard(turn.now());
        vitals.agentEnded(false);
        vitals.startBegun(epoch);
        turn.act(new Act.Start(epoch, secret, placement, useBy));
    }

    private void tearDown(Turn turn, Vitals vitals) {
        RunState state = turn.state();
        Instant decided = state.decidedAt().orElse(turn.now());
        boolean late = !turn.now().isBefore(decided.plus(settings.teardownWithin()));
        if (vitals.standing().isEmpty() || late) {
            Leases.sweep(turn, vitals, true);
            List<String> standing = standing(turn.state(), vitals);
            if (standing.isEmpty() || late) {
                vitals.refusals().tellAll(turn);
                finish(turn, standing);
            }
            return;
        }
        boolean mayFinishByItself = state.outcome().orElseThrow() instanceof RunOutcome.Success
                && !vitals.agentEnded()
                && turn.now().isBefore(decided.plus(settings.exitGrace()));
        int spared = mayFinishByItself ? state.instance().map(Instance::epoch).orElse(0) : 0;
        stopAllBut(spared, settings.stopGrace(), turn, vitals);
    }

    /** What is left of the run: instances that still stand, and dynamic secrets that their store has not ended. */
    private static List<String> standing(RunState state, Vitals vitals) {
        return Stream.concat(
                        vitals.standing().stream().map(epoch -> state.run() + "@" + epoch),
                        state.leases().open().stream().map(lease -> "lease " + lease.id() + " of " + lease.secret()))
                .toList();
    }

    private static void stopAllBut(int spared, Duration grace, Turn turn, Vitals vitals) {
        for (int epoch : vitals.standing()) {
            if (epoch != spared && vitals.canStop(epoch, turn.now())) {
                vitals.stopBegun(epoch);
                turn.act(new Act.Stop(epoch, grace));
            }
        }
    }

    private static void finish(Turn turn, List<String> standing) {
        turn.state()
                .instance()
                .ifPresent(instance -> turn.record(
                        new RunEvent.InstanceStopped(standing.isEmpty() ? "torn down" : "teardown took too long")));
        List<SecretUri> released = turn.state().leases().released();
        if (!released.isEmpty()) {
            turn.record(new RunEvent.RotationOwed(released));
        }
        RunOutcome outcome = turn.state().outcome().orElseThrow();
        if (outcome instanceof RunOutcome.Success) {
            turn.record(new RunEvent.RunSucceeded(standing));
        } else if (outcome instanceof RunOutcome.Failure failure) {
            turn.record(new RunEvent.RunFailed(failure.reason(), standing));
        } else if (outcome instanceof RunOutcome.Cancel cancel) {
            turn.record(new RunEvent.RunCancelled(cancel.reason(), standing));
        } else {
            turn.record(new RunEvent.RunLimitExceeded(standing));
        }
    }

    // -- moments -------------------------------------------------------------------------------------------

    private static Optional<Instant> timeoutAt(RunState state) {
        return state.spec().limits().timeout().map(state.createdAt()::plus);
    }

    private Instant givenUpAt(Instance instance, Vitals vitals) {
        return instance.enrolled()
                ? vitals.heardAt().plus(settings.heartbeatSilence())
                : later(instance.startedAt(), vitals.heardAt()).plus(settings.enrolWithin());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private Optional<Instant> nextStartAt(RunState state) {
        return state.lostAt()
                .map(lost -> lost.plus(
                        settings.backoff(state.failures(Budget.AGENT) + state.failures(Budget.INFRASTRUCTURE))));
    }
}
