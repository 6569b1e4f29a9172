package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.agent.Effect;
import dev.lantern.agent.wire.FenceReport;
import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.gate.Attestation;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Enrolment of instances that have a sandbox of their own. */
class EnrolmentTest {
    private static final NodeId NODE = new NodeId("n1", "uid-n1", "boot-n1");
    private static final FenceReport FENCE = new FenceReport(true, "10.96.0.1:443", 3, Duration.ofMillis(1_204), "");
    private static final SandboxReport GVISOR =
            new SandboxReport("Linux version 4.4.0-gvisor", "another-boot", true, "", List.of());
    private static final SandboxReport RUNC = new SandboxReport("Linux version 6.1.0", "boot-n1", false, "", List.of());
    private static final Verified NODE_VERIFIED = new Verified(Verified.NODE, Optional.of(NODE), List.of());
    private static final Verified ONCE_MORE = new Verified(
            Verified.NODE,
            Optional.of(NODE),
            List.of(new Evidence(Verified.NODE, "the pod is what was let go", "GET pod", Instant.EPOCH)));

    private final RunFixture run = new RunFixture(
            List.of(Verified.NODE),
            (kind, node, report, at) -> Attestation.judge(kind, node, report, IsolationPolicy.safeDefaults(), at));

    private RunFixture inGvisor() {
        run.take(new Stimulus.Tick());
        run.take(RunFixture.admission(Placement.onHost(Isolation.UNTRUSTED, HandlerKind.GVISOR)));
        run.take(new Stimulus.Started(1));
        run.take(new Stimulus.Verified(1, NODE_VERIFIED));
        return run;
    }

    @Test
    void instance_is_enrolled_when_inside_and_outside_agree() {
        inGvisor();
        Stimulus.Called enrol = run.called(enrol(1, Optional.of(new InsideReport(GVISOR, FENCE))));

        Decision asked = run.take(enrol);
        assertThat(RunFixture.told(asked)).isEqualTo("compared once more");
        assertThat(asked.events())
                .as("nothing is said before everything is known")
                .isEmpty();
        Decision enrolled = run.take(new Stimulus.Compared(enrol, Optional.of(ONCE_MORE)));

        assertThat(RunFixture.told(enrolled)).isEqualTo("enrolled");
        assertThat(RunFixture.kinds(enrolled)).containsExactly("boundary_verified", "instance_enrolled");
        RunEvent.BoundaryVerified verified =
                (RunEvent.BoundaryVerified) enrolled.events().get(0).event();
        assertThat(verified.checkpoint()).isEqualTo("attestation");
        assertThat(verified.evidence())
                .extracting(Evidence::found)
                .satisfiesExactly(
                        sandbox -> assertThat(sandbox).startsWith("gVisor: \"-gvisor\" in the kernel's version"),
                        fence -> assertThat(fence).startsWith("in 3 rounds over 1204 ms the gateway answered"),
                        outside -> assertThat(outside).isEqualTo("the pod is what was let go"));
    }

    @Test
    void repeated_enrolment_is_answered_without_another_look() {
        inGvisor();
        GatewayCall call = enrol(1, Optional.of(new InsideReport(GVISOR, FENCE)));
        run.take(new Stimulus.Compared(run.called(call), Optional.of(ONCE_MORE)));

        assertThat(run.call(call)).isEqualTo("enrolled");
        assertThat(run.call(enrol(1, Optional.empty()))).isEqualTo("enrolled");
    }

    @Test
    void boundary_that_is_another_one_inside_starts_no_agent() {
        inGvisor();

        Decision decision = run.take(run.called(enrol(1, Optional.of(new InsideReport(RUNC, FENCE)))));

        assertThat(RunFixture.kinds(decision)).containsExactly("boundary_violated", "instance_lost");
        RunEvent.BoundaryViolated violated =
                (RunEvent.BoundaryViolated) decision.events().get(0).event();
        assertThat(violated.checkpoint()).isEqualTo("attestation");
        assertThat(violated.violations())
                .extracting(Violation::code)
                .containsExactly("attestation-unsigned", "attestation-boot-id");
        assertThat(RunFixture.told(decision))
                .as("the wire tells no reason")
                .isEqualTo("STALE_EPOCH: instance 1 of run acme/ticket-4711 was given up; the newest is 2");
        assertThat(run.state().outcome()).isPresent();
        assertThat(run.call(enrol(1, Optional.of(new InsideReport(GVISOR, FENCE)))))
                .as("a second report does not pardon the first")
                .startsWith("STALE_EPOCH");
    }

    @Test
    void open_fence_starts_no_agent() {
        inGvisor();
        FenceReport open = new FenceReport(false, "10.96.0.1:443", 0, Duration.ZERO, "it answered");

        Decision decision = run.take(run.called(enrol(1, Optional.of(new InsideReport(GVISOR, open)))));

        assertThat(RunFixture.kinds(decision)).containsExactly("boundary_violated", "instance_lost");
        assertThat(run.state().instance()).isEmpty();
    }

    /** The version before reports nothing, and neither does whoever has taken its place. */
    @Test
    void harness_that_reports_nothing_starts_no_agent() {
        inGvisor();

        Decision decision = run.take(run.called(new GatewayCall.Enrol(RunFixture.RUN, 1, RunFixture.KEY, 1, 1)));

        assertThat(RunFixture.kinds(decision)).containsExactly("boundary_violated", "instance_lost");
        assertThat(((RunEvent.BoundaryViolated) decision.events().get(0).event()).violations())
                .extracting(Violation::code)
                .containsExactly("attestation-missing");
    }

    @Test
    void report_is_not_judged_before_the_node_is_known() {
        run.take(new Stimulus.Tick());
        run.take(RunFixture.admission(Placement.onHost(Isolation.UNTRUSTED, HandlerKind.GVISOR)));
        run.take(new Stimulus.Started(1));

        assertThat(run.peek(run.called(enrol(1, Optional.empty()))).acts())
                .as("who watches is asked, and tells")
                .contains(new Act.AskCheckpoints(1));
        assertThat(run.call(enrol(1, Optional.of(new InsideReport(RUNC, FENCE)))))
                .isEqualTo("UNAVAILABLE: where instance 1 runs is not verified yet; repeat the call");
        assertThat(run.state().instance()).isPresent();
    }

    @Test
    void platform_that_cannot_tell_is_asked_again() {
        inGvisor();
        Stimulus.Called enrol = run.called(enrol(1, Optional.of(new InsideReport(GVISOR, FENCE))));

        Decision decision = run.take(new Stimulus.Compared(enrol, Optional.empty()));

        assertThat(decision.events()).isEmpty();
        assertThat(RunFixture.told(decision))
                .isEqualTo("UNAVAILABLE: whether instance 1 is still what was admitted cannot be told now; repeat the"
                        + " call");
        assertThat(RunFixture.told(run.take(enrol))).isEqualTo("compared once more");
    }

    /** Much may happen while the platform is asked. */
    @Test
    void answer_of_the_platform_that_comes_too_late_enrols_nobody() {
        inGvisor();
        Stimulus.Called enrol = run.called(enrol(1, Optional.of(new InsideReport(GVISOR, FENCE))));
        run.take(enrol);
        run.lost();

        Decision decision = run.take(new Stimulus.Compared(enrol, Optional.of(ONCE_MORE)));

        assertThat(decision.events()).noneMatch(recorded -> recorded.event() instanceof RunEvent.InstanceEnrolled);
        assertThat(RunFixture.told(decision)).startsWith("STALE_EPOCH");
        assertThat(run.call(run.begin(Effect.PURE))).startsWith("UNKNOWN_INSTANCE");
    }

    @Test
    void newest_version_that_both_speak_is_spoken() {
        for (int[] spoken : new int[][] {{1, 1, 1}, {1, 2, 2}, {2, 2, 2}, {2, 3, 3}, {3, 7, 3}}) {
            RunFixture plain = new RunFixture().admitted();
            Decision decision = plain.take(plain.called(proven(spoken[0], spoken[1], RunFixture.SIGNATURE)));
            assertThat(decision.events().get(0).event())
                    .isEqualTo(new RunEvent.InstanceEnrolled(RunFixture.keyHex(), spoken[2], Optional.empty()));
            assertThat(decision.acts())
                    .anyMatch(act -> act instanceof Act.Resume resume && resume.protocol() == spoken[2]);
        }
    }

    @Test
    void key_that_the_caller_does_not_hold_is_not_enrolled() {
        RunFixture plain = new RunFixture().admitted();
        String refused = "BAD_SIGNATURE: the caller does not prove that it holds the key that it enrols";

        assertThat(plain.call(proven(1, 3, new byte[] {8}))).isEqualTo(refused);
        assertThat(plain.call(new GatewayCall.Enrol(RunFixture.RUN, 1, RunFixture.KEY, 1, 3)))
                .isEqualTo(refused);
        assertThat(plain.state().instance().orElseThrow().enrolled()).isFalse();
        assertThat(plain.call(proven(1, 3, RunFixture.SIGNATURE))).isEqualTo("enrolled");
    }

    private static GatewayCall proven(int oldest, int newest, byte[] proof) {
        return new GatewayCall.Enrol(
                RunFixture.RUN, 1, RunFixture.KEY, oldest, newest, Optional.empty(), Optional.of(proof));
    }

    private static GatewayCall enrol(int epoch, Optional<InsideReport> inside) {
        return new GatewayCall.Enrol(RunFixture.RUN, epoch, RunFixture.KEY, 1, 2, inside);
    }
}
