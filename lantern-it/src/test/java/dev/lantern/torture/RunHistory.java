package dev.lantern.torture;

import dev.lantern.agent.wire.StepId;
import dev.lantern.core.engine.Signatures;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.format.StoredOpening;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Commitment;
import dev.lantern.value.Opening;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run's chain, folded by other rules than the engine's: may each event stand where it stands? */
final class RunHistory {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final RunRow row;
    private final Plan plan;
    private final Journal truth;
    private final Ledger ledger;
    private final Oracle oracle;
    private final Signatures signatures;
    private final Map<StepId, byte[]> completed = new LinkedHashMap<>();
    private final Map<StepId, Integer> starts = new LinkedHashMap<>();
    private final Map<StepId, Integer> resolvedAway = new LinkedHashMap<>();
    private final Map<Integer, String> keys = new LinkedHashMap<>();
    private Instant last = Instant.MIN;
    private long owner;
    private int epoch;
    private int moves;
    private boolean instance;
    private byte @Nullable [] output;
    private @Nullable RunEvent decided;
    private @Nullable RunEvent terminal;

    RunHistory(RunRow row, Plan plan, Journal truth, Ledger ledger, Oracle oracle, Signatures signatures) {
        this.row = row;
        this.plan = plan;
        this.truth = truth;
        this.ledger = ledger;
        this.oracle = oracle;
        this.signatures = signatures;
    }

    /** How often the run changed hands. */
    int moves() {
        return moves;
    }

    int epochs() {
        return epoch;
    }

    void add(Event stored, EventEnvelope envelope, RunEvent event) {
        check(terminal == null, envelope, "follows a terminal event");
        check(!envelope.time().isBefore(last), envelope, "is older than the event before it");
        check((envelope.seq() == 1) == (event instanceof RunEvent.RunCreated), envelope, "is out of its place");
        last = envelope.time();
        wasWrittenByTheOwner(stored, envelope, event);
        if (event instanceof RunEvent.InstanceLost gone) {
            check(instance && gone.lost() == epoch, envelope, "loses an instance that was not there");
            epoch++;
            instance = false;
            if (gone.exhausted()) {
                decide(envelope, event);
            }
        } else if (event instanceof RunEvent.InstanceStarted) {
            check(!instance, envelope, "starts a second instance");
            instance = true;
            epoch = Math.max(1, epoch);
        } else if (event instanceof RunEvent.InstanceEnrolled enrolled) {
            check(instance, envelope, "enrols an instance that was not started");
            check(keys.putIfAbsent(epoch, enrolled.publicKey()) == null, envelope, "enrols a second key");
        } else if (event instanceof RunEvent.InstanceStopped) {
            instance = false;
        } else {
            addWork(stored, envelope, event);
        }
        check(envelope.epoch() == epoch, envelope, "bears epoch " + envelope.epoch() + " in epoch " + epoch);
    }

    /** The owner is whoever made the run, and after each adoption whoever adopted it. */
    private void wasWrittenByTheOwner(Event stored, EventEnvelope envelope, RunEvent event) {
        Optional<Ledger.Asked> author = ledger.author(stored.hash().hex());
        if (author.isEmpty()) {
            check(false, envelope, "stands there though no host asked for it");
            return;
        }
        if (event instanceof RunEvent.RunCreated) {
            owner = author.get().host();
        } else if (event instanceof RunEvent.RunAdopted adopted) {
            owner = adopted.host();
            moves++;
        }
        check(
                author.get().host() == owner,
                envelope,
                "was written by host " + author.get().host() + " though " + owner + " owned the run");
        int behind = author.get().epoch();
        check(behind == epoch || behind == epoch - 1, envelope, "was fenced by epoch " + behind + " in " + epoch);
    }

    private void addWork(Event stored, EventEnvelope envelope, RunEvent event) {
        if (event instanceof RunEvent.StepCompleted completion) {
            complete(stored, envelope, completion);
        } else if (event instanceof RunEvent.StepStarted started) {
            check(decided == null, envelope, "starts a step after the outcome was decided");
            int count = starts.merge(started.step(), 1, Integer::sum);
            check(
                    !started.effect().beginIsDurable() || count <= 1 + resolvedAway.getOrDefault(started.step(), 0),
                    envelope,
                    "starts step " + started.step() + " again though nobody settled that it had not happened");
        } else if (event instanceof RunEvent.StepResolved resolved) {
            if (!resolved.happened()) {
                resolvedAway.merge(resolved.step(), 1, Integer::sum);
            }
        } else if (event instanceof RunEvent.ResultReady ready) {
            signed(envelope, ready.record().epoch(), ready.record().signedBytes(), ready.signature());
            output = opened(stored, List.of(ready.record().output()));
            decide(envelope, event);
        } else if (event instanceof RunEvent.CancelRequested
                || event instanceof RunEvent.EndedWithoutOutput
                || event instanceof RunEvent.LimitExceeded) {
            decide(envelope, event);
        } else if (event instanceof RunEvent.RunSucceeded
                || event instanceof RunEvent.RunFailed
                || event instanceof RunEvent.RunCancelled
                || event instanceof RunEvent.RunLimitExceeded
                || event instanceof RunEvent.RunRefused) {
            terminal = event;
        }
    }

    private void complete(Event stored, EventEnvelope envelope, RunEvent.StepCompleted event) {
        StepId step = event.record().step();
        check(decided == null, envelope, "completes a step after the outcome was decided");
        signed(envelope, event.record().epoch(), event.record().signedBytes(), event.signature());
        byte[] result = opened(stored, List.of(event.record().result()));
        check(completed.putIfAbsent(step, result) == null, envelope, "completes step " + step + " a second time");
        oracle.result(row.run(), step.name())
                .ifPresent(told -> check(
                        Arrays.equals(told, result), envelope, "holds another result of " + step + " than was told"));
    }

    private void signed(EventEnvelope envelope, int signedEpoch, byte[] message, String signature) {
        String key = keys.get(epoch);
        check(signedEpoch == epoch, envelope, "was signed in epoch " + signedEpoch);
        check(
                key != null && signatures.verify(key, message, HexFormat.of().parseHex(signature)),
                envelope,
                "is not signed by the enrolled instance");
    }

    private byte[] opened(Event stored, List<Commitment> commitments) {
        ErasableCodec codec = ErasableCodec.plain();
        StoredOpening opening = codec.decode(
                        row.run(), stored.hash(), stored.erasable().orElseThrow(), commitments)
                .get(0);
        if (opening instanceof StoredOpening.Inline inline) {
            return inline.opening().bytes();
        }
        Commitment commitment = commitments.get(0);
        Optional<Opening> kept = truth.kept(row.key(), commitment, WITHIN)
                .map(body -> codec.open(row.run(), (StoredOpening.Elsewhere) opening, body, commitment));
        if (kept.isEmpty()) {
            oracle.defect("a payload of event " + stored.seq() + " of " + row.run() + " is lost");
            return new byte[0];
        }
        return kept.get().bytes();
    }

    private void decide(EventEnvelope envelope, RunEvent event) {
        check(decided == null, envelope, "decides an outcome that was decided before");
        decided = event;
    }

    /** The chain is read; did the run end as it had to? */
    void end() {
        if (row.host().isPresent() || terminal == null) {
            check(
                    false,
                    "has not ended: it is " + row.status() + " at event "
                            + row.head().seq());
            return;
        }
        boolean cancelled = oracle.wasCancelled(row.run());
        if (row.status() == RunStatus.SUCCEEDED) {
            check(!plan.patient(), "succeeded though its agent never delivers");
            check(terminal instanceof RunEvent.RunSucceeded, "is said to have succeeded and ends with " + terminal);
            endsWithItsOutput();
        } else {
            check(
                    row.status() == RunStatus.CANCELLED && cancelled && terminal instanceof RunEvent.RunCancelled,
                    "ended as " + row.status() + " by " + decided + (cancelled ? "" : ", and nobody cancelled it"));
            check(oracle.output(row.run()).isEmpty(), "lost the output that was accepted");
        }
    }

    private void endsWithItsOutput() {
        List<byte[]> results = new ArrayList<>();
        for (Plan.Step step : plan.steps()) {
            byte[] result = completed.get(step.id());
            check(result != null, "succeeded without step " + step.name());
            results.add(result == null ? new byte[0] : result);
        }
        check(
                output != null && Arrays.equals(output, Plan.output(results)),
                "has an output that does not follow from its recorded results");
        oracle.output(row.run())
                .ifPresent(told -> check(Arrays.equals(told, output), "holds another output than was accepted"));
    }

    private void check(boolean holds, EventEnvelope envelope, String complaint) {
        if (!holds) {
            oracle.defect("event " + envelope.seq() + " (" + envelope.kind() + ") of " + row.run() + " " + complaint);
        }
    }

    private void check(boolean holds, String complaint) {
        if (!holds) {
            oracle.defect("run " + row.run() + " " + complaint);
        }
    }
}
