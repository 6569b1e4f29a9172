package dev.lantern.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.spec.Isolation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GateValuesTest {
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final Violation VIOLATION =
            new Violation("boundary-missing", "spec.isolation", "no gVisor", "gVisor or Kata", "install one of them");
    private static final Evidence EVIDENCE = new Evidence("facts", "2 nodes of 2 verified", "GET /api/v1/nodes", AT);

    @Test
    void preflight_is_a_page_that_says_what_holds_and_what_to_do() {
        Map<Isolation, Decision> decisions = new LinkedHashMap<>();
        decisions.put(Isolation.UNTRUSTED, new Decision.Refused(List.of(VIOLATION), List.of(EVIDENCE)));
        decisions.put(
                Isolation.TRUSTED,
                new Decision.Admitted(
                        Placement.onHost(Isolation.TRUSTED, HandlerKind.PROCESS),
                        List.of(new Evidence("spec", "an agent that was made up", "spec", AT), EVIDENCE)));

        assertThat(new Preflight("cluster one", AT, decisions)).hasToString("""
                        What cluster one can prove, at 2026-03-01T12:00:00Z

                        trusted: admitted
                          - 2 nodes of 2 verified (GET /api/v1/nodes)

                        untrusted: refused
                          - no gVisor
                            allowed: gVisor or Kata
                            to do: install one of them
                        """);
    }

    @Test
    void violation_is_one_line() {
        assertThat(VIOLATION)
                .hasToString("spec.isolation: found no gVisor; allowed: gVisor or Kata; install one of them"
                        + " [boundary-missing]");
    }

    @Test
    void refusal_names_a_reason_and_a_place_in_a_cluster_names_a_node() {
        assertThatThrownBy(() -> new Decision.Refused(List.of(), List.of(EVIDENCE)))
                .hasMessage("a refusal names at least one violation");
        assertThatThrownBy(() -> new Placement.InCluster(
                        new Placement.NamespaceId("agents", "uid"), Optional.empty(), List.of(), false))
                .hasMessage("a place in a cluster names at least one node");
    }

    @Test
    void admission_policy_holds_if_every_part_does_and_there_is_one() {
        BaselinePart there = BaselinePart.present("policy");
        assertThat(new AdmissionFact(List.of(there, there)).holds()).isTrue();
        assertThat(new AdmissionFact(List.of(there, BaselinePart.missing("binding", "nothing binds it"))).holds())
                .isFalse();
        assertThat(new AdmissionFact(List.of(BaselinePart.changed("binding", "audits only"))).holds())
                .isFalse();
        assertThat(new AdmissionFact(List.of()).holds()).isFalse();
    }

    @Test
    void empty_list_of_handlers_is_no_answer() {
        assertThat(node(Optional.of(List.of())).handlers()).isEmpty();
        assertThat(node(Optional.empty()).handlers()).isEmpty();
        assertThat(node(Optional.of(List.of(new NodeFact.Handler("", false)))).handlers())
                .contains(List.of(new NodeFact.Handler("", false)));
    }

    @Test
    void facts_of_a_cluster_are_of_that_cluster() {
        assertThat(new ClusterFacts(
                                "cluster one",
                                "acme",
                                Fact.untold("-", "-", AT),
                                Fact.untold("-", "-", AT),
                                Fact.untold("-", "-", AT),
                                Fact.untold("-", "-", AT),
                                Fact.untold("-", "-", AT),
                                Fact.untold("-", "-", AT))
                        .source())
                .isEqualTo("cluster one");
    }

    @Test
    void boundaries_have_the_names_that_people_use() {
        assertThat(List.of(HandlerKind.values()))
                .extracting(HandlerKind::text)
                .containsExactly("a plain process", "runc", "gVisor", "Kata", "a wasm runtime");
    }

    private static NodeFact node(Optional<List<NodeFact.Handler>> handlers) {
        return new NodeFact(
                new NodeId("node", "uid", "boot"),
                new NodeFact.Versions("v1.36.1", "6.12", "containerd://2.1.4"),
                new TreeMap<>(),
                List.of(),
                List.of(),
                handlers,
                new TreeMap<>());
    }
}
