package dev.lantern.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.Decision;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Agents beside the host: what a laptop may run, and what it says when it may not. */
class HostGateTest {
    private static final HostFacts.Handler PROCESS =
            new HostFacts.Handler(HandlerKind.PROCESS, "plain processes of the host's user");
    private static final HostFacts.Handler GVISOR = new HostFacts.Handler(HandlerKind.GVISOR, "runsc 1.0");

    @Test
    void trusted_runs_and_the_evidence_says_what_is_not_enforced() {
        Decision decision = decide(PlainAgents.of(Isolation.TRUSTED), List.of(), PROCESS);

        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        assertThat(decision.evidence())
                .containsExactly(
                        new Evidence(
                                "spec",
                                "isolation trusted, image "
                                        + PlainAgents.of(Isolation.TRUSTED).image(),
                                "agent spec "
                                        + PlainAgents.of(Isolation.TRUSTED).digest(),
                                ClusterFixture.NOW),
                        new Evidence(
                                "facts", "plain processes of the host's user", "local processes", ClusterFixture.NOW),
                        new Evidence(
                                "facts",
                                "network allowlist_domain, egress rules and resource limits are not enforced on a plain"
                                        + " process",
                                "local processes",
                                ClusterFixture.NOW));
    }

    @Test
    void boundary_beside_the_host_has_no_such_excuse_and_needs_no_command() {
        AgentSpec spec = PlainAgents.of(Isolation.UNTRUSTED).toBuilder()
                .command(List.of())
                .build();
        Decision decision = decide(spec, List.of(), GVISOR);

        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        assertThat(decision.evidence())
                .extracting(Evidence::found)
                .containsExactly("isolation untrusted, image " + spec.image(), "runsc 1.0");
    }

    @Test
    void class_that_needs_a_boundary_is_refused_with_what_there_is() {
        assertThat(texts(decide(PlainAgents.of(Isolation.STANDARD), List.of(), PROCESS)))
                .containsExactly(
                        "spec.isolation: found standard; local processes offer a plain process (plain processes"
                                + " of the host's user); allowed: for standard: gVisor or Kata; run it where such a boundary is"
                                + " proven, or, if you wrote and trust every byte of this agent, declare isolation: trusted"
                                + " [boundary-missing]");
        assertThat(texts(decide(PlainAgents.of(Isolation.HOSTILE), List.of("setsid is missing"))))
                .containsExactly(
                        "spec.isolation: found hostile; local processes offer no boundary at all; allowed: for hostile:"
                                + " Kata; run it where such a boundary is proven, or, if you wrote and trust every byte"
                                + " of this agent, declare isolation: trusted [boundary-missing]",
                        "spec.isolation: found facts from local processes with gaps: setsid is missing; allowed: complete"
                                + " facts; close the gaps; what cannot be told is refused [cannot-tell]");
    }

    private static List<String> texts(Decision decision) {
        return ((Decision.Refused) decision)
                .violations().stream().map(Object::toString).toList();
    }

    private static Decision decide(AgentSpec spec, List<String> gaps, HostFacts.Handler... handlers) {
        return Gate.decide(
                spec,
                IsolationPolicy.safeDefaults(),
                new HostFacts("local processes", ClusterFixture.NOW, List.of(handlers), gaps),
                ClusterFixture.NOW);
    }
}
