package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.gate.Attestation;
import dev.lantern.core.gate.Attestation.Verdict;
import dev.lantern.gate.Evidence;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.Verified;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Binds an instance's key to its epoch, which is what lets its agent start. So everything that has to be known of where it
 * would start is asked for here, the cheaper before the dearer: the checkpoints of the way in, what its harness found inside,
 * and last the platform once more, because all the rest has taken a while.
 */
final class Enrolment {
    /** The protocol versions that this host speaks. */
    static final int OLDEST_PROTOCOL = 1;

    static final int NEWEST_PROTOCOL = 2;

    private final Signatures signatures;
    private final List<String> checkpoints;
    private final Optional<Attester> attester;
    private final Endings endings;

    /**
     * @param checkpoints those that an instance has to have passed before
     * @param attester judges what is found inside; empty where instances have no sandbox of their own
     */
    Enrolment(Signatures signatures, List<String> checkpoints, Optional<Attester> attester, Endings endings) {
        this.signatures = signatures;
        this.checkpoints = List.copyOf(checkpoints);
        this.attester = attester;
        this.endings = endings;
    }

    /** @param compared what the platform has said once more, if it was asked because of this very call */
    void take(
            Turn turn,
            Vitals vitals,
            Instance instance,
            Stimulus.Called called,
            GatewayCall.Enrol call,
            Optional<Verified> compared) {
        if (call.oldestProtocol() > NEWEST_PROTOCOL || call.newestProtocol() < OLDEST_PROTOCOL) {
            turn.refuseOnRecord(
                    called,
                    Code.PROTOCOL,
                    "the harness speaks protocol " + call.oldestProtocol() + " to " + call.newestProtocol()
                            + ", this host speaks " + OLDEST_PROTOCOL + " to " + NEWEST_PROTOCOL);
        } else if (instance.enrolled()) {
            before(turn, instance, called, call);
        } else if (!instance.verified().containsAll(checkpoints)) {
            // Told by who watches, a moment before or after: no wrong of the caller, and nothing for the record.
            turn.refuse(
                    called.token(),
                    Code.UNAVAILABLE,
                    "where instance " + instance.epoch() + " runs is not verified yet; repeat the call");
            turn.act(new Act.AskCheckpoints(instance.epoch()));
        } else if (!signatures.isKey(call.publicKey())) {
            turn.refuseOnRecord(called, Code.INVALID, "the public key is no valid Ed25519 key");
        } else if (attester.isEmpty()) {
            enrol(turn, called, call);
        } else {
            attest(turn, vitals, instance, called, call, compared);
        }
    }

    private static void before(Turn turn, Instance instance, Stimulus.Called called, GatewayCall.Enrol call) {
        if (instance.publicKey().orElseThrow().equals(key(call))) {
            turn.act(new Act.Resume(called.token(), protocol(call)));
        } else {
            turn.refuseOnRecord(
                    called, Code.ALREADY_ENROLLED, "another key has enrolled as instance " + instance.epoch());
        }
    }

    private void attest(
            Turn turn,
            Vitals vitals,
            Instance instance,
            Stimulus.Called called,
            GatewayCall.Enrol call,
            Optional<Verified> compared) {
        Verdict verdict = attester.orElseThrow()
                .judge(turn.state().strength().orElseThrow().handler(), instance.node(), call.inside(), turn.now());
        if (verdict instanceof Verdict.Contradicted contradicted) {
            endings.ended(
                    turn,
                    vitals,
                    instance.epoch(),
                    new InstanceEnd.Violated(Attestation.CHECKPOINT, contradicted.violations()));
            // To the instance it looks like any other end of it: the reasons are the operator's.
            turn.refuse(called.token(), Code.STALE_EPOCH, InstanceCalls.givenUp(turn.state(), instance.epoch()));
        } else if (compared.isEmpty()) {
            turn.act(new Act.CompareOnceMore(called));
        } else {
            List<Evidence> evidence = new ArrayList<>(((Verdict.Attested) verdict).evidence());
            evidence.addAll(compared.get().evidence());
            turn.record(new RunEvent.BoundaryVerified(
                    Attestation.CHECKPOINT, compared.get().node(), evidence));
            enrol(turn, called, call);
        }
    }

    private static void enrol(Turn turn, Stimulus.Called called, GatewayCall.Enrol call) {
        turn.record(new RunEvent.InstanceEnrolled(key(call), protocol(call)));
        turn.act(new Act.Resume(called.token(), protocol(call)));
    }

    /** The newest that both speak. */
    private static int protocol(GatewayCall.Enrol call) {
        return Math.min(call.newestProtocol(), NEWEST_PROTOCOL);
    }

    private static String key(GatewayCall.Enrol call) {
        return HexFormat.of().formatHex(call.publicKey());
    }
}
