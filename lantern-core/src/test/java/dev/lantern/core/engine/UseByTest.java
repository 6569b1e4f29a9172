package dev.lantern.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UseByTest {
    private final ManualTurns turns = new ManualTurns();
    private final UseBy useBy = UseBy.asking(turns).until(turns.now().plusSeconds(60));

    @Test
    void it_counts_from_the_question_to_the_last_moment() {
        turns.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(useBy.isOver(turns)).isFalse();
        turns.pass(Duration.ofNanos(1));
        assertThat(useBy.isOver(turns)).isTrue();
    }

    @Test
    void machine_that_was_suspended_has_old_facts() {
        turns.suspend(Duration.ofSeconds(60));

        assertThat(useBy.isOver(turns)).isTrue();
    }

    @Test
    void wall_clock_that_is_set_back_makes_no_fact_younger() {
        turns.pass(Duration.ofSeconds(60));
        turns.jump(Duration.ofHours(-1));

        assertThat(useBy.isOver(turns)).isTrue();
    }

    @Test
    void nothing_may_be_acted_upon_before_there_is_an_answer() {
        assertThat(UseBy.asking(turns).isOver(turns)).isTrue();
    }
}
