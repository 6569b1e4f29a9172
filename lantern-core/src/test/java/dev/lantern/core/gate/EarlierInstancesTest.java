package dev.lantern.core.gate;

import static dev.lantern.core.gate.ClusterFixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.Decision;
import dev.lantern.gate.Evidence;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.gate.NodeId;
import dev.lantern.gate.Placement;
import dev.lantern.gate.Violation;
import dev.lantern.spec.Isolation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a run's earlier instances had, and where they were lost, counts for its next one. */
class EarlierInstancesTest {
    private static final IsolationPolicy SAFE = IsolationPolicy.safeDefaults();
    private static final ClusterFixture THREE =
            ClusterFixture.full().withNodes(node("a", "", "runsc"), node("b", "", "runsc"), node("c", "", "runsc"));

    // -- never weaker ------------------------------------------------------------------------------------------

    @Test
    void class_stays_raised_though_the_policy_was_lowered() {
        Decision.Admitted next = admitted(rule(Isolation.STANDARD, SAFE, ClusterFixture.full(), untrustedOnGvisor()));

        assertThat(next.placement().isolation()).isEqualTo(Isolation.UNTRUSTED);
        assertThat(found(next))
                .anyMatch(line -> line.startsWith("isolation standard, raised to untrusted, and no weaker than the"
                        + " untrusted on gVisor of an earlier instance of this run, image"));
    }

    @Test
    void boundary_stays_though_the_policy_excuses_it_by_now() {
        IsolationPolicy excused = SAFE.standardWithoutBoundary();
        ClusterFixture runcOnly = ClusterFixture.full().withNodes(node("plain", "", "runc"));
        assertThat(rule(Isolation.STANDARD, excused, runcOnly, Earlier.NONE))
                .as("without an earlier instance")
                .isInstanceOf(Decision.Admitted.class);

        assertThat(violations(rule(Isolation.STANDARD, excused, runcOnly, had(Isolation.STANDARD, HandlerKind.GVISOR))))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.code()).isEqualTo("no-node");
                    assertThat(violation.allowed())
                            .isEqualTo("for standard: gVisor or Kata, and no weaker than the standard on gVisor of an"
                                    + " earlier instance of this run, on at least one node that proves it");
                });
    }

    @Test
    void boundary_may_get_stronger() {
        ClusterFixture kataOnly = ClusterFixture.full().withNodes(node("k", "", "kata-qemu"));

        assertThat(admitted(rule(Isolation.STANDARD, SAFE, kataOnly, had(Isolation.STANDARD, HandlerKind.GVISOR)))
                        .placement()
                        .handler())
                .isEqualTo(HandlerKind.KATA);
        assertThat(admitted(rule(
                                Isolation.STANDARD,
                                SAFE.atLeast(Isolation.UNTRUSTED),
                                ClusterFixture.full(),
                                had(Isolation.STANDARD, HandlerKind.RUNC)))
                        .placement())
                .extracting(Placement::isolation, Placement::handler)
                .containsExactly(Isolation.UNTRUSTED, HandlerKind.GVISOR);
    }

    @Test
    void machine_that_offers_less_than_before_is_refused_too() {
        HostFacts laptop = new HostFacts(
                "local processes",
                ClusterFixture.NOW,
                List.of(new HostFacts.Handler(HandlerKind.PROCESS, "a plain process")),
                List.of());

        Decision decision = Gate.rule(
                        PlainAgents.of(Isolation.TRUSTED).toBuilder()
                                .command(List.of("agent"))
                                .build(),
                        SAFE,
                        laptop,
                        had(Isolation.TRUSTED, HandlerKind.RUNC),
                        SecretGrants.NONE,
                        ClusterFixture.NOW)
                .decision();

        assertThat(violations(decision))
                .singleElement()
                .satisfies(violation -> assertThat(violation.allowed())
                        .isEqualTo(
                                "for trusted: runc or gVisor or Kata, and no weaker than the trusted on runc of an earlier"
                                        + " instance of this run"));
    }

    @Test
    void class_that_cannot_be_compared_is_refused() {
        assertThat(violations(rule(
                        Isolation.DEVCONTAINER, SAFE, ClusterFixture.full(), had(Isolation.HOSTILE, HandlerKind.KATA))))
                .extracting(Violation::code)
                .containsExactly("class-changed");
    }

    @Test
    void whatever_was_had_before_nothing_weaker_is_admitted() {
        int admitted = 0;
        for (Isolation before : Isolation.values()) {
            for (HandlerKind kind : HandlerKind.values()) {
                for (Isolation asked : Isolation.values()) {
                    Decision decision =
                            rule(asked, SAFE.standardWithoutBoundary(), ClusterFixture.full(), had(before, kind));
                    if (decision instanceof Decision.Admitted next) {
                        admitted++;
                        assertThat(next.placement().handler().compareTo(kind))
                                .as(asked + " after " + before + " on " + kind)
                                .isGreaterThanOrEqualTo(0);
                        assertThat(next.placement().isolation().compareTo(before))
                                .as(asked + " after " + before + " on " + kind)
                                .isGreaterThanOrEqualTo(0);
                    }
                }
            }
        }
        assertThat(admitted).as("cases in which something was admitted").isGreaterThan(40);
    }

    @Test
    void boundaries_are_stronger_one_by_one_and_wasm_stands_beside_them() {
        List<HandlerKind> ladder = List.of(HandlerKind.PROCESS, HandlerKind.RUNC, HandlerKind.GVISOR, HandlerKind.KATA);
        for (HandlerKind held : HandlerKind.values()) {
            Strength strength = new Strength(Isolation.TRUSTED, held);
            List<HandlerKind> meeting = Arrays.stream(HandlerKind.values())
                    .filter(strength::isMetBy)
                    .toList();
            assertThat(meeting)
                    .as(held.text())
                    .isEqualTo(
                            held == HandlerKind.WASM
                                    ? List.of(held)
                                    : ladder.subList(ladder.indexOf(held), ladder.size()));
        }
    }

    // -- suspect nodes -----------------------------------------------------------------------------------------

    @Test
    void suspects_are_left_out_while_another_node_is_verified() {
        Decision.Admitted next = admitted(rule(Isolation.UNTRUSTED, SAFE, THREE, suspecting("a", "c")));

        assertThat(nodes(next)).containsExactly("b");
        assertThat(next.evidence())
                .filteredOn(evidence -> evidence.source().equals("earlier instances of this run"))
                .extracting(Evidence::found)
                .containsExactly("avoided: a, c lost an instance lately");
    }

    @Test
    void suspects_are_kept_where_nothing_else_is_left_and_the_evidence_says_so() {
        Decision.Admitted next = admitted(rule(Isolation.UNTRUSTED, SAFE, THREE, suspecting("c", "b", "a")));

        assertThat(nodes(next)).as("in the gate's own order").containsExactly("a", "b", "c");
        assertThat(found(next))
                .contains("not avoided: a, b, c lost an instance lately, and no other node was verified");
    }

    @Test
    void suspect_that_is_not_verified_is_not_spoken_of() {
        Decision.Admitted next = admitted(rule(Isolation.UNTRUSTED, SAFE, THREE, suspecting("elsewhere")));

        assertThat(nodes(next)).containsExactly("a", "b", "c");
        assertThat(found(next)).noneMatch(line -> line.contains("avoided"));
    }

    @Test
    void suspicion_lasts_over_a_reboot_and_not_over_a_new_registration() {
        Earlier rebooted = new Earlier(Optional.empty(), List.of(new NodeId("a", "uid-a", "another boot")));
        Earlier replaced = new Earlier(Optional.empty(), List.of(new NodeId("a", "another uid", "boot-a")));

        assertThat(nodes(admitted(rule(Isolation.UNTRUSTED, SAFE, THREE, rebooted))))
                .containsExactly("b", "c");
        assertThat(nodes(admitted(rule(Isolation.UNTRUSTED, SAFE, THREE, replaced))))
                .containsExactly("a", "b", "c");
    }

    @Test
    void suspicion_does_not_change_which_boundary_is_taken() {
        ClusterFixture both = ClusterFixture.full().withNodes(node("a", "", "runsc"), node("k", "", "kata-qemu"));

        assertThat(nodes(admitted(rule(Isolation.UNTRUSTED, SAFE, both, suspecting("a")))))
                .containsExactly("a");
    }

    // -- how long it counts ------------------------------------------------------------------------------------

    @Test
    void ruling_is_good_until_its_oldest_fact_is_too_old() {
        ClusterFixture full = ClusterFixture.full();
        ClusterFixture aged = full.fence(ClusterFixture.aged(full.fence(), Duration.ofSeconds(40)));

        assertThat(goodFor(full)).isEqualTo(Duration.ofSeconds(58));
        assertThat(goodFor(aged)).isEqualTo(Duration.ofSeconds(18));
    }

    @Test
    void ruling_is_never_good_for_longer_than_a_fact_of_now() {
        ClusterFixture full = ClusterFixture.full();
        Duration ahead = Duration.ofSeconds(-20);
        ClusterFixture fromAhead = new ClusterFixture(
                ClusterFixture.aged(full.apiServer(), ahead),
                ClusterFixture.aged(full.runtimeClasses(), ahead),
                ClusterFixture.aged(full.nodes(), ahead),
                ClusterFixture.aged(full.namespace(), ahead),
                ClusterFixture.aged(full.fence(), ahead),
                ClusterFixture.aged(full.admission(), ahead));

        assertThat(goodFor(fromAhead)).isEqualTo(SAFE.maxFactAge());
    }

    @Test
    void fact_that_nothing_rests_on_does_not_shorten_it() {
        ClusterFixture full = ClusterFixture.full();

        assertThat(goodFor(full.admission(ClusterFixture.aged(full.admission(), Duration.ofHours(1)))))
                .as("untrusted does not demand the admission policy")
                .isEqualTo(Duration.ofSeconds(58));
    }

    private static Duration goodFor(ClusterFixture cluster) {
        Ruling ruling = Gate.rule(
                PlainAgents.of(Isolation.UNTRUSTED),
                SAFE,
                cluster.facts(),
                Earlier.NONE,
                SecretGrants.NONE,
                ClusterFixture.NOW);
        assertThat(ruling.decision()).isInstanceOf(Decision.Admitted.class);
        return Duration.between(ClusterFixture.NOW, ruling.goodUntil());
    }

    private static Earlier untrustedOnGvisor() {
        return had(Isolation.UNTRUSTED, HandlerKind.GVISOR);
    }

    private static Earlier had(Isolation isolation, HandlerKind kind) {
        return new Earlier(Optional.of(new Strength(isolation, kind)), List.of());
    }

    private static Earlier suspecting(String... names) {
        return new Earlier(
                Optional.empty(),
                Arrays.stream(names).map(name -> node(name).id()).toList());
    }

    private static Decision rule(Isolation isolation, IsolationPolicy policy, ClusterFixture cluster, Earlier earlier) {
        return Gate.rule(
                        PlainAgents.of(isolation),
                        policy,
                        cluster.facts(),
                        earlier,
                        SecretGrants.NONE,
                        ClusterFixture.NOW)
                .decision();
    }

    private static Decision.Admitted admitted(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Admitted.class);
        return (Decision.Admitted) decision;
    }

    private static List<Violation> violations(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).violations();
    }

    private static List<String> found(Decision decision) {
        return decision.evidence().stream().map(Evidence::found).toList();
    }

    private static List<String> nodes(Decision.Admitted admitted) {
        return admitted.placement().cluster().orElseThrow().nodes().stream()
                .map(NodeId::name)
                .toList();
    }
}
