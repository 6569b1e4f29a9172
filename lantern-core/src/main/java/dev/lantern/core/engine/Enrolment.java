package dev.lantern.core.engine;

import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.EnrolmentRecord;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.Problem.Code;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.gate.Attestation;
import dev.lantern.core.gate.Attestation.Verdict;
import dev.lantern.core.gate.Strength;
import dev.lantern.gate.Evidence;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
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

    static final int NEWEST_PROTOCOL = 3;

    /** From this version on a harness asks for secrets. */
    static final int SECRETS = 3;

    /** From this version on a harness proves that it holds the key that it enrols. */
    private static final int PROVEN_KEY = 3;

    /**
     * What was looked up for a call, which is taken again with it.
     *
     * @param compared what the platform has said once more
     * @param credentials what the authority has issued
     */
    record Ready(Optional<Verified> compared, Optional<Credentials> credentials) {
        static final Ready NOT_YET = new Ready(Optional.empty(), Optional.empty());
    }

    private final Signatures signatures;
    private final List<String> checkpoints;
    private final Optional<Attester> attester;
    private final Endings endings;
    private final boolean certifies;

    /**
     * @param checkpoints those that an instance has to have passed before
     * @param attester judges what is found inside; empty where instances have no sandbox of their own
     * @param certifies whether instances are given credentials
     */
    Enrolment(
            Signatures signatures,
            List<String> checkpoints,
            Optional<Attester> attester,
            Endings endings,
            boolean certifies) {
        this.certifies = certifies;
        this.signatures = signatures;
        this.checkpoints = List.copyOf(checkpoints);
        this.attester = attester;
        this.endings = endings;
    }

    /** Whether the caller shows what the platform vouches for, where it has a certificate of its own to show. */
    boolean wantsCertificate(RunState state, Stimulus.Called called) {
        GatewayCall call = called.call();
        return certifies
                && called.proof() instanceof Proof.ByPlatform
                && !(call instanceof GatewayCall.Enrol)
                && state.key(call.epoch()).isPresent();
    }

    /** @param ready what was looked up because of this very call */
    void take(
            Turn turn, Vitals vitals, Instance instance, Stimulus.Called called, GatewayCall.Enrol call, Ready ready) {
        if (call.oldestProtocol() > NEWEST_PROTOCOL || call.newestProtocol() < OLDEST_PROTOCOL) {
            turn.refuseOnRecord(
                    called,
                    Code.PROTOCOL,
                    "the harness speaks protocol " + call.oldestProtocol() + " to " + call.newestProtocol()
                            + ", this host speaks " + OLDEST_PROTOCOL + " to " + NEWEST_PROTOCOL);
        } else if (instance.enrolled()) {
            before(turn, instance, called, call, ready);
        } else if (!instance.verified().containsAll(checkpoints)) {
            // Told by who watches, a moment before or after: no wrong of the caller, and nothing for the record.
            turn.refuse(
                    called.token(),
                    Code.UNAVAILABLE,
                    "where instance " + instance.epoch() + " runs is not verified yet; repeat the call");
            turn.act(new Act.AskCheckpoints(instance.epoch()));
        } else if (!signatures.isKey(call.publicKey())) {
            turn.refuseOnRecord(called, Code.INVALID, "the public key is no valid Ed25519 key");
        } else if (!isProven(call)) {
            turn.refuseOnRecord(
                    called, Code.BAD_SIGNATURE, "the caller does not prove that it holds the key that it enrols");
        } else if (attester.isEmpty()) {
            enrol(turn, instance, called, call, ready);
        } else {
            attest(turn, vitals, instance, called, call, ready);
        }
    }

    /** New credentials for the key that has enrolled. */
    void renew(Turn turn, Instance instance, Stimulus.Called called, Ready ready) {
        if (!certifies) {
            turn.refuseOnRecord(called, Code.INVALID, "this host gives its instances no credentials");
        } else if (ready.credentials().isEmpty()) {
            certify(turn, instance, called, instance.publicKey().orElseThrow(), ready);
        } else {
            turn.reply(
                    called.token(), new GatewayReply.Renewed(ready.credentials().get()));
        }
    }

    private boolean isProven(GatewayCall.Enrol call) {
        if (call.newestProtocol() < PROVEN_KEY && !certifies) {
            return true;
        }
        byte[] signed =
                EnrolmentRecord.of(call.run(), call.epoch(), call.publicKey()).signedBytes();
        return call.proof()
                .filter(proof -> signatures.verify(key(call), signed, proof))
                .isPresent();
    }

    private void before(Turn turn, Instance instance, Stimulus.Called called, GatewayCall.Enrol call, Ready ready) {
        if (instance.publicKey().orElseThrow().equals(key(call))) {
            if (certifies && ready.credentials().isEmpty()) {
                certify(turn, instance, called, key(call), ready);
            } else {
                turn.act(new Act.Resume(called.token(), protocol(call), ready.credentials()));
            }
        } else {
            turn.refuseOnRecord(
                    called, Code.ALREADY_ENROLLED, "another key has enrolled as instance " + instance.epoch());
        }
    }

    private void attest(
            Turn turn, Vitals vitals, Instance instance, Stimulus.Called called, GatewayCall.Enrol call, Ready ready) {
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
        } else if (ready.compared().isEmpty()) {
            turn.act(new Act.CompareOnceMore(called));
        } else if (certifies && ready.credentials().isEmpty()) {
            certify(turn, instance, called, key(call), ready);
        } else {
            Verified compared = ready.compared().get();
            List<Evidence> evidence = new ArrayList<>(((Verdict.Attested) verdict).evidence());
            evidence.addAll(compared.evidence());
            turn.record(
                    new RunEvent.BoundaryVerified(Attestation.CHECKPOINT, compared.node(), compared.pod(), evidence));
            enrol(turn, instance, called, call, ready);
        }
    }

    private void enrol(Turn turn, Instance instance, Stimulus.Called called, GatewayCall.Enrol call, Ready ready) {
        if (certifies && ready.credentials().isEmpty()) {
            certify(turn, instance, called, key(call), ready);
            return;
        }
        turn.record(new RunEvent.InstanceEnrolled(
                key(call), protocol(call), ready.credentials().map(Credentials::token)));
        turn.act(new Act.Resume(called.token(), protocol(call), ready.credentials()));
    }

    private static void certify(Turn turn, Instance instance, Stimulus.Called called, String publicKey, Ready ready) {
        RunState state = turn.state();
        Strength strength = state.strength().orElseThrow();
        turn.act(new Act.Certify(
                called,
                new CredentialIssuer.Subject(
                        new InstanceRef(state.run(), instance.epoch()),
                        state.spec(),
                        strength.isolation(),
                        strength.handler(),
                        ready.compared().flatMap(Verified::node).or(instance::node),
                        ready.compared().flatMap(Verified::pod).or(instance::pod),
                        publicKey),
                ready.compared()));
    }

    /** The newest that both speak. */
    private static int protocol(GatewayCall.Enrol call) {
        return Math.min(call.newestProtocol(), NEWEST_PROTOCOL);
    }

    private static String key(GatewayCall.Enrol call) {
        return HexFormat.of().formatHex(call.publicKey());
    }
}
