package dev.lantern.gate;

import static dev.lantern.gate.IsolationAdvisor.Trait.EXPECTS_ATTACK;
import static dev.lantern.gate.IsolationAdvisor.Trait.HOLDS_FOREIGN_CODE;
import static dev.lantern.gate.IsolationAdvisor.Trait.IS_WASM_MODULE;
import static dev.lantern.gate.IsolationAdvisor.Trait.KEEPS_WORKSPACE;
import static dev.lantern.gate.IsolationAdvisor.Trait.READS_FOREIGN_INPUT;
import static dev.lantern.gate.IsolationAdvisor.Trait.RUNS_GENERATED_CODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.gate.IsolationAdvisor.Advice;
import dev.lantern.gate.IsolationAdvisor.Trait;
import dev.lantern.spec.Isolation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IsolationAdvisorTest {

    @Test
    void each_trait_has_its_class() {
        assertThat(advise()).isEqualTo(Isolation.TRUSTED);
        assertThat(advise(READS_FOREIGN_INPUT)).isEqualTo(Isolation.STANDARD);
        assertThat(advise(KEEPS_WORKSPACE)).isEqualTo(Isolation.DEVCONTAINER);
        assertThat(advise(HOLDS_FOREIGN_CODE)).isEqualTo(Isolation.UNTRUSTED);
        assertThat(advise(RUNS_GENERATED_CODE)).isEqualTo(Isolation.UNTRUSTED);
        assertThat(advise(IS_WASM_MODULE)).isEqualTo(Isolation.WASM);
        assertThat(advise(EXPECTS_ATTACK)).isEqualTo(Isolation.HOSTILE);
    }

    @Test
    void stronger_trait_wins_and_every_reason_for_it_is_told() {
        Advice advice = IsolationAdvisor.advise(
                List.of(READS_FOREIGN_INPUT, KEEPS_WORKSPACE, HOLDS_FOREIGN_CODE, RUNS_GENERATED_CODE));

        assertThat(advice.isolation()).isEqualTo(Isolation.UNTRUSTED);
        assertThat(advice.reasons())
                .containsExactly(
                        "it executes code that a model wrote and nobody has read",
                        "it holds code that nobody of yours has read",
                        "its workspace cannot be kept: what unread code wrote is not handed to the next instance");
    }

    @Test
    void one_more_trait_never_takes_a_boundary_away() {
        List<Trait> all = List.of(Trait.values());
        for (int set = 0; set < 1 << all.size(); set++) {
            for (Trait more : all) {
                Isolation before = IsolationAdvisor.advise(traits(all, set)).isolation();
                Isolation after = IsolationAdvisor.advise(traits(all, set | 1 << all.indexOf(more)))
                        .isolation();
                assertThat(strength(after)).isGreaterThanOrEqualTo(strength(before));
            }
        }
    }

    private static List<Trait> traits(List<Trait> all, int set) {
        List<Trait> chosen = new ArrayList<>();
        for (Trait trait : all) {
            if ((set & 1 << all.indexOf(trait)) != 0) {
                chosen.add(trait);
            }
        }
        return chosen;
    }

    private static int strength(Isolation isolation) {
        return switch (isolation) {
            case TRUSTED -> 0;
            case STANDARD, DEVCONTAINER -> 1;
            case UNTRUSTED, WASM -> 2;
            case HOSTILE -> 3;
        };
    }

    private static Isolation advise(Trait... traits) {
        return IsolationAdvisor.advise(List.of(traits)).isolation();
    }
}
