package dev.lantern.core.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.agent.wire.FenceReport;
import dev.lantern.agent.wire.InsideReport;
import dev.lantern.agent.wire.SandboxReport;
import dev.lantern.core.gate.Attestation.Verdict;
import dev.lantern.gate.BoundarySignature;
import dev.lantern.gate.BoundarySignature.Place;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttestationTest {
    private static final Instant AT = Instant.parse("2026-11-26T08:00:00Z");
    private static final NodeId NODE = new NodeId("node-1", "uid-1", "a2e4ebfa");
    private static final String LINUX = "Linux version 6.18.44 (builder@host) #1 SMP PREEMPT_DYNAMIC";

    /** As runsc of 2026 reports itself on containerd 2.1. */
    private static final SandboxReport GVISOR = new SandboxReport(
            "Linux version 4.19.0-gvisor #1 SMP Sun Jan 10 15:06:54 PST 2016",
            "2a0d4da1",
            true,
            "BOOT_IMAGE=/vmlinuz-4.19.0-gvisor-gvisor quiet",
            List.of("9p none"));

    /** As runsc of July 2024 does. */
    private static final SandboxReport OLDER_GVISOR = new SandboxReport(
            "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016",
            "76ce9abd",
            true,
            "BOOT_IMAGE=/vmlinuz-4.4.0-gvisor quiet",
            List.of("overlay none", "9p none"));

    private static final SandboxReport RUNC =
            new SandboxReport(LINUX, NODE.bootId(), false, "quiet", List.of("overlay overlay"));

    /** As Kata's documentation describes its guests; none was seen. */
    private static final SandboxReport KATA = new SandboxReport(
            "Linux version 6.12.8 (kata@build) #1 SMP",
            "77aa77aa",
            false,
            "reboot=k systemd.unit=kata-containers.target agent.log=info",
            List.of("virtiofs kataShared"));

    @Test
    void sandbox_that_says_what_was_admitted_is_attested_with_what_it_said() {
        assertThat(judged(HandlerKind.GVISOR, GVISOR)).isInstanceOfSatisfying(Verdict.Attested.class, attested -> {
            assertThat(attested.evidence())
                    .extracting(Evidence::found)
                    .containsExactly(
                            "gVisor: \"-gvisor\" in the kernel's version, boot id \"2a0d4da1\" where the node"
                                    + " has \"a2e4ebfa\"",
                            "in 3 rounds over 1204 ms the gateway answered and \"10.96.0.1:443\" did not");
            assertThat(attested.evidence()).allSatisfy(evidence -> {
                assertThat(evidence.checkpoint()).isEqualTo("attestation");
                assertThat(evidence.at()).isEqualTo(AT);
            });
        });
        assertThat(judged(HandlerKind.GVISOR, OLDER_GVISOR)).isInstanceOf(Verdict.Attested.class);
        assertThat(judged(HandlerKind.KATA, KATA)).isInstanceOf(Verdict.Attested.class);
        assertThat(judged(HandlerKind.RUNC, RUNC)).isInstanceOf(Verdict.Attested.class);
    }

    /** Every kind that was admitted against every sandbox that is really there. */
    @Test
    void no_kind_passes_for_another_one() {
        Map<HandlerKind, SandboxReport> real = new LinkedHashMap<>();
        real.put(HandlerKind.RUNC, RUNC);
        real.put(HandlerKind.GVISOR, GVISOR);
        real.put(HandlerKind.KATA, KATA);
        int tried = 0;
        for (HandlerKind admitted : List.of(HandlerKind.GVISOR, HandlerKind.KATA, HandlerKind.WASM)) {
            for (Map.Entry<HandlerKind, SandboxReport> found : real.entrySet()) {
                if (found.getKey() != admitted) {
                    assertThat(codes(judged(admitted, found.getValue())))
                            .as("%s that is %s", admitted, found.getKey())
                            .contains("attestation-unsigned");
                    tried++;
                }
            }
        }
        assertThat(tried).isEqualTo(7);
    }

    @Test
    void handler_that_is_secretly_runc_is_found_by_both_signs() {
        assertThat(judged(HandlerKind.GVISOR, RUNC))
                .isInstanceOfSatisfying(
                        Verdict.Contradicted.class,
                        contradicted -> assertThat(contradicted.violations())
                                .extracting(Violation::toString)
                                .containsExactly(
                                        "sandbox: found kernel \"" + LINUX
                                                + "\", command line \"quiet\", no file in /proc that is gVisor's own; allowed:"
                                                + " \"-gvisor\" in the kernel's version or \"gVisor\" in the kernel's version or"
                                                + " \"-gvisor\" in the kernel's command line, and /proc/gvisor or"
                                                + " /proc/sentry-meminfo; see"
                                                + " which binary is behind the handler's name on that node; a runtime of your own is"
                                                + " made known with IsolationPolicy.signature [attestation-unsigned]",
                                        "sandbox: found the boot id of node \"node-1\"; allowed: another boot id: a kernel of its"
                                                + " own; see which binary is behind the handler's name on that node"
                                                + " [attestation-boot-id]"));
    }

    @Test
    void boot_id_alone_is_no_signature_and_a_signature_needs_it_all_the_same() {
        SandboxReport anotherKernel = with(RUNC, "fresh-boot", LINUX, false);
        SandboxReport painted = with(GVISOR, NODE.bootId(), GVISOR.kernel(), true);

        assertThat(codes(judged(HandlerKind.GVISOR, anotherKernel))).containsExactly("attestation-unsigned");
        assertThat(codes(judged(HandlerKind.GVISOR, painted))).containsExactly("attestation-boot-id");
    }

    @Test
    void half_of_what_gvisor_says_is_not_enough() {
        assertThat(codes(judged(HandlerKind.GVISOR, with(GVISOR, "x", GVISOR.kernel(), false))))
                .containsExactly("attestation-unsigned");
        assertThat(codes(judged(HandlerKind.GVISOR, new SandboxReport(LINUX, "x", true, "quiet", GVISOR.mounts()))))
                .containsExactly("attestation-unsigned");
        assertThat(codes(judged(HandlerKind.GVISOR, with(OLDER_GVISOR, "x", OLDER_GVISOR.kernel(), false))))
                .containsExactly("attestation-unsigned");
    }

    @Test
    void what_cannot_be_told_is_no() {
        assertThat(codes(Attestation.judge(
                        HandlerKind.RUNC, Optional.of(NODE), Optional.empty(), IsolationPolicy.safeDefaults(), AT)))
                .containsExactly("attestation-missing");
        assertThat(codes(judged(HandlerKind.GVISOR, with(GVISOR, "", GVISOR.kernel(), true))))
                .containsExactly("attestation-boot-id");
        assertThat(codes(Attestation.judge(
                        HandlerKind.GVISOR,
                        Optional.empty(),
                        Optional.of(fenced(GVISOR)),
                        IsolationPolicy.safeDefaults(),
                        AT)))
                .containsExactly("attestation-boot-id");
        assertThat(codes(Attestation.judge(
                        HandlerKind.GVISOR,
                        Optional.of(new NodeId("node-1", "uid-1", "")),
                        Optional.of(fenced(GVISOR)),
                        IsolationPolicy.safeDefaults(),
                        AT)))
                .containsExactly("attestation-boot-id");
    }

    @Test
    void policy_makes_a_runtime_known_and_not_every_text() {
        SandboxReport wasm = new SandboxReport(LINUX, "other", false, "quiet", List.of("wasmfs guest"));
        IsolationPolicy policy = IsolationPolicy.safeDefaults()
                .signature(HandlerKind.WASM, new BoundarySignature(Place.MOUNT, "wasmfs"));

        assertThat(Attestation.judge(HandlerKind.WASM, Optional.of(NODE), Optional.of(fenced(wasm)), policy, AT))
                .isInstanceOf(Verdict.Attested.class);
        assertThat(codes(judged(HandlerKind.WASM, wasm))).containsExactly("attestation-unsigned");
        assertThatThrownBy(() -> policy.signature(HandlerKind.RUNC, new BoundarySignature(Place.MOUNT, "overlay")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a signature of runc: it runs on the node's own kernel and has none");
        assertThatThrownBy(() -> new BoundarySignature(Place.KERNEL, " x "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a signature of \" x \": allowed are texts of 4 characters and more, because a shorter one is"
                                + " found by chance");
    }

    @Test
    void what_comes_from_inside_stays_on_one_line() {
        SandboxReport hostile =
                new SandboxReport("forged\nline \u001b[31m" + "x".repeat(500), "y", false, "", List.of());

        assertThat(judged(HandlerKind.GVISOR, hostile))
                .isInstanceOfSatisfying(
                        Verdict.Contradicted.class,
                        contradicted -> assertThat(
                                        contradicted.violations().get(0).found())
                                .doesNotContain("\n", "\u001b")
                                .hasSizeLessThan(300));
    }

    /** Whatever the boundary is: without a fence there is none. */
    @Test
    void fence_is_proven_by_enough_of_what_was_tried() {
        Map<FenceReport, String> open = new LinkedHashMap<>();
        open.put(
                new FenceReport(false, "10.96.0.1:443", 0, Duration.ofMillis(0), "forbidden and answered"),
                "\"forbidden and answered\"");
        open.put(new FenceReport(false, "10.96.0.1:443", 9, Duration.ofSeconds(9), ""), "9 rounds over 9000 ms");
        open.put(new FenceReport(true, "10.96.0.1:443", 2, Duration.ofSeconds(9), ""), "2 rounds over 9000 ms");
        open.put(new FenceReport(true, "10.96.0.1:443", 3, Duration.ofMillis(999), ""), "3 rounds over 999 ms");
        for (HandlerKind kind : List.of(HandlerKind.RUNC, HandlerKind.GVISOR)) {
            SandboxReport sandbox = kind == HandlerKind.RUNC ? RUNC : GVISOR;
            open.forEach((fence, found) -> assertThat(Attestation.judge(
                            kind,
                            Optional.of(NODE),
                            Optional.of(new InsideReport(sandbox, fence)),
                            IsolationPolicy.safeDefaults(),
                            AT))
                    .isInstanceOfSatisfying(
                            Verdict.Contradicted.class,
                            contradicted -> assertThat(contradicted.violations())
                                    .hasSize(1)
                                    .allSatisfy(violation -> {
                                        assertThat(violation.code()).isEqualTo("fence-open");
                                        assertThat(violation.found()).isEqualTo(found);
                                        assertThat(violation.fix()).contains("\"node-1\"");
                                    })));
        }
    }

    @Test
    void least_that_was_tried_is_enough() {
        FenceReport least = new FenceReport(true, "10.96.0.1:443", 3, Duration.ofSeconds(1), "");

        assertThat(Attestation.judge(
                        HandlerKind.RUNC,
                        Optional.of(NODE),
                        Optional.of(new InsideReport(RUNC, least)),
                        IsolationPolicy.safeDefaults(),
                        AT))
                .isInstanceOf(Verdict.Attested.class);
    }

    @Test
    void sandbox_and_fence_are_told_together() {
        FenceReport open = new FenceReport(false, "10.96.0.1:443", 0, Duration.ZERO, "it answered");

        assertThat(codes(Attestation.judge(
                        HandlerKind.GVISOR,
                        Optional.of(NODE),
                        Optional.of(new InsideReport(RUNC, open)),
                        IsolationPolicy.safeDefaults(),
                        AT)))
                .containsExactly("attestation-unsigned", "attestation-boot-id", "fence-open");
    }

    private static InsideReport fenced(SandboxReport sandbox) {
        return new InsideReport(
                sandbox, new FenceReport(true, "10.96.0.1:443", 3, Duration.ofMillis(1_204), "the gateway was away"));
    }

    private static Verdict judged(HandlerKind admitted, SandboxReport report) {
        return Attestation.judge(
                admitted, Optional.of(NODE), Optional.of(fenced(report)), IsolationPolicy.safeDefaults(), AT);
    }

    private static List<String> codes(Verdict verdict) {
        List<String> codes = new ArrayList<>();
        if (verdict instanceof Verdict.Contradicted contradicted) {
            contradicted.violations().forEach(violation -> codes.add(violation.code()));
        }
        return codes;
    }

    private static SandboxReport with(SandboxReport like, String bootId, String kernel, boolean gvisor) {
        return new SandboxReport(kernel, bootId, gvisor, like.commandLine(), like.mounts());
    }
}
