package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.Credentials;
import dev.lantern.agent.wire.FenceReport;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.gate.Attestation;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.PodId;
import dev.lantern.substrate.Verified;
import dev.lantern.value.RunRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A host that certifies its instances: first the proof, then the look, then the signature, then the event. */
class CredentialsTest {
    private static final NodeId NODE = new NodeId("n1", "uid-n1", "boot-n1");
    private static final PodId POD = new PodId("agents", "ln-x", "uid-x");
    private static final Verified ONCE_MORE =
            new Verified(Verified.NODE, Optional.of(NODE), Optional.of(POD), List.of());
    private static final Credentials CREDENTIALS =
            Credentials.of(List.of(new byte[] {1}), "a.b.c", List.of(new byte[] {2}), Duration.ofMinutes(10));
    private static final Optional<InsideReport> INSIDE = Optional.of(new InsideReport(
            new SandboxReport("Linux version 4.4.0-gvisor", "another-boot", true, "", List.of()),
            new FenceReport(true, "10.96.0.1:443", 3, Duration.ofMillis(1204), "")));

    private final RunFixture plain = RunFixture.certifying(List.of(), Optional.empty());

    @Test
    void key_is_certified_before_it_is_bound_and_the_token_is_part_of_the_event() {
        plain.admitted();

        Decision asked = plain.take(enrol());
        Decision enrolled = plain.take(new Stimulus.Certified(enrol(), Optional.empty(), Optional.of(CREDENTIALS)));

        assertThat(RunFixture.told(asked)).isEqualTo("certification");
        assertThat(asked.events()).isEmpty();
        assertThat(enrolled.events().get(0).event())
                .isEqualTo(new RunEvent.InstanceEnrolled(RunFixture.keyHex(), 3, Optional.of("a.b.c")));
        assertThat(enrolled.acts())
                .anySatisfy(act -> assertThat(act)
                        .isInstanceOfSatisfying(
                                Act.Resume.class,
                                resume -> assertThat(resume.credentials()).contains(CREDENTIALS)));
    }

    @Test
    void what_is_certified_is_what_was_compared_last() {
        RunFixture inGvisor = RunFixture.certifying(
                List.of(),
                Optional.of((kind, node, report, at) ->
                        Attestation.judge(kind, node, report, IsolationPolicy.safeDefaults(), at)));
        inGvisor.take(new Stimulus.Tick());
        inGvisor.take(RunFixture.admission(Placement.onHost(Isolation.UNTRUSTED, HandlerKind.GVISOR)));
        inGvisor.take(new Stimulus.Started(1));
        inGvisor.take(new Stimulus.Verified(1, new Verified(Verified.NODE, Optional.of(NODE), List.of())));
        Stimulus.Called enrol = inGvisor.called(enrol(INSIDE));

        assertThat(RunFixture.told(inGvisor.take(enrol))).isEqualTo("compared once more");
        Decision asked = inGvisor.take(new Stimulus.Compared(enrol, Optional.of(ONCE_MORE)));
        Act.Certify certify = (Act.Certify) asked.acts().get(0);
        Decision enrolled = inGvisor.take(new Stimulus.Certified(enrol, certify.compared(), Optional.of(CREDENTIALS)));

        assertThat(certify.subject().instance()).isEqualTo(new InstanceRef(RunFixture.RUN, 1));
        assertThat(certify.subject().isolation()).isEqualTo(Isolation.UNTRUSTED);
        assertThat(certify.subject().pod()).contains(POD);
        assertThat(certify.subject().node()).contains(NODE);
        assertThat(RunFixture.kinds(enrolled)).containsExactly("boundary_verified", "instance_enrolled");
        assertThat(inGvisor.state().instance().orElseThrow().pod()).contains(POD);
    }

    @Test
    void authority_that_cannot_sign_enrols_nobody_and_the_call_is_repeated() {
        plain.admitted();

        Decision decision = plain.take(new Stimulus.Certified(enrol(), Optional.empty(), Optional.empty()));

        assertThat(decision.events()).isEmpty();
        assertThat(RunFixture.told(decision))
                .isEqualTo("UNAVAILABLE: the authority cannot sign at the moment; repeat the call");
    }

    @Test
    void instance_that_was_given_up_meanwhile_is_given_no_credentials() {
        plain.admitted();
        plain.take(enrol());
        plain.lost();

        Decision decision = plain.take(new Stimulus.Certified(enrol(), Optional.empty(), Optional.of(CREDENTIALS)));

        assertThat(RunFixture.told(decision)).startsWith("STALE_EPOCH");
        assertThat(decision.events()).noneMatch(recorded -> recorded.event() instanceof RunEvent.InstanceEnrolled);
    }

    @Test
    void key_without_proof_is_not_certified_whatever_protocol_is_spoken() {
        plain.admitted();

        assertThat(plain.call(RunFixture.enrol(1, RunFixture.KEY))).startsWith("BAD_SIGNATURE");
    }

    @Test
    void repeated_enrolment_is_certified_anew_and_is_no_second_event() {
        enrolled();

        assertThat(RunFixture.told(plain.take(enrol()))).isEqualTo("certification");
        Decision again = plain.take(new Stimulus.Certified(enrol(), Optional.empty(), Optional.of(CREDENTIALS)));

        assertThat(again.events()).isEmpty();
        assertThat(RunFixture.told(again)).isEqualTo("enrolled");
    }

    @Test
    void second_key_of_one_epoch_is_refused_and_not_certified() {
        enrolled();

        assertThat(plain.call(new GatewayCall.Enrol(
                        RunFixture.RUN,
                        1,
                        RunFixture.OTHER_KEY,
                        1,
                        3,
                        Optional.empty(),
                        Optional.of(RunFixture.SIGNATURE))))
                .isEqualTo("ALREADY_ENROLLED: another key has enrolled as instance 1");
    }

    @Test
    void credentials_are_renewed_for_the_key_that_enrolled() {
        enrolled();
        GatewayCall renew = new GatewayCall.Renew(RunFixture.RUN, 1);

        Decision asked = plain.take(plain.called(renew, certificate(1, RunFixture.keyHex())));
        Decision renewed = plain.take(new Stimulus.Certified(
                plain.called(renew, certificate(1, RunFixture.keyHex())), Optional.empty(), Optional.of(CREDENTIALS)));

        assertThat(((Act.Certify) asked.acts().get(0)).subject().publicKey()).isEqualTo(RunFixture.keyHex());
        assertThat(renewed.events()).isEmpty();
        assertThat(renewed.acts())
                .anyMatch(act -> act instanceof Act.Reply reply && reply.reply() instanceof GatewayReply.Renewed);
    }

    @Test
    void host_that_certifies_nobody_renews_nothing() {
        RunFixture other = new RunFixture().running();

        assertThat(other.call(new GatewayCall.Renew(RunFixture.RUN, 1)))
                .isEqualTo("INVALID: this host gives its instances no credentials");
    }

    @Test
    void instance_that_cannot_enrol_with_a_dead_owner_may_say_so_before_it_has_a_certificate() {
        GatewayCall silent =
                new GatewayCall.Unreachable(RunFixture.RUN, 1, "https://one:8080", 2, Duration.ofSeconds(20));
        Proof platform = new Proof.ByPlatform(new InstanceRef(RunFixture.RUN, 1));
        plain.admitted();

        assertThat(plain.call(silent, platform)).isEqualTo("alive");
        plain.take(new Stimulus.Started(1));
        plain.take(new Stimulus.Certified(enrol(), Optional.empty(), Optional.of(CREDENTIALS)));
        assertThat(plain.call(silent, platform))
                .as("it has a certificate to show since")
                .isEqualTo("UNKNOWN_INSTANCE: no such instance");
        assertThat(plain.call(silent, certificate(1, RunFixture.keyHex()))).isEqualTo("alive");
    }

    // -- whose certificate it is ---------------------------------------------------------------------------------

    @Test
    void certificate_of_another_instance_key_run_or_tenant_proves_nothing() {
        enrolled();
        GatewayCall begin = plain.begin(Effect.PURE);
        String key = RunFixture.keyHex();

        assertThat(plain.call(begin, certificate(1, key))).startsWith("run it");
        List<Proof> others = List.of(
                certificate(2, key),
                certificate(1, "ff".repeat(32)),
                new Proof.ByCertificate(new InstanceRef(new RunRef("acme", "ticket-4712"), 1), key),
                new Proof.ByCertificate(new InstanceRef(new RunRef("globex", "ticket-4711"), 1), key));
        for (Proof other : others) {
            assertThat(plain.call(begin, other)).isEqualTo("UNKNOWN_INSTANCE: no such instance");
        }
    }

    @Test
    void certificate_proves_nothing_before_its_key_has_enrolled() {
        plain.admitted();

        assertThat(plain.call(plain.begin(Effect.PURE), certificate(1, RunFixture.keyHex())))
                .isEqualTo("UNKNOWN_INSTANCE: no such instance");
    }

    @Test
    void unexpired_certificate_of_a_stale_epoch_is_refused_on_record() {
        enrolled();
        GatewayCall begin = plain.begin(Effect.PURE);
        plain.lost();

        Decision decision = plain.take(plain.called(begin, certificate(1, RunFixture.keyHex())));

        assertThat(RunFixture.told(decision)).startsWith("STALE_EPOCH");
        assertThat(decision.events().get(0).event())
                .isInstanceOfSatisfying(
                        RunEvent.AnomalyDetected.class,
                        anomaly -> assertThat(anomaly.reason()).isEqualTo("stale-epoch"));
    }

    private void enrolled() {
        plain.admitted();
        plain.take(new Stimulus.Started(1));
        plain.take(new Stimulus.Certified(enrol(), Optional.empty(), Optional.of(CREDENTIALS)));
    }

    private static Proof certificate(int epoch, String key) {
        return new Proof.ByCertificate(new InstanceRef(RunFixture.RUN, epoch), key);
    }

    private Stimulus.Called enrol() {
        return plain.called(enrol(Optional.empty()));
    }

    private static GatewayCall enrol(Optional<InsideReport> inside) {
        return new GatewayCall.Enrol(
                RunFixture.RUN, 1, RunFixture.KEY, 1, 3, inside, Optional.of(RunFixture.SIGNATURE));
    }
}
