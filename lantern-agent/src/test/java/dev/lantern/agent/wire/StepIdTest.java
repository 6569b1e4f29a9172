package dev.lantern.agent.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import dev.lantern.value.internal.Json;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StepIdTest {

    @Test
    void a_step_has_an_occurrence_or_a_key() {
        StepId second = StepId.occurrence("charge", 2);
        assertThat(second.json().toString()).isEqualTo("{\"name\":\"charge\",\"occurrence\":2}");
        assertThat(second.key()).isEmpty();
        assertThat(second).hasToString("charge#2").isEqualTo(StepId.of(second.json()));
        StepId keyed = StepId.keyed("charge", "order 7 é");
        assertThat(keyed.json().toString()).isEqualTo("{\"key\":\"order 7 é\",\"name\":\"charge\"}");
        assertThat(keyed.key()).contains("order 7 é");
        assertThat(keyed.occurrence()).isZero();
        assertThat(keyed).hasToString("charge[order 7 é]").isEqualTo(StepId.of(keyed.json()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a#1", "a[b]", "é", "a\nb", "a\u0000", "😀"})
    void names_are_of_one_alphabet(String name) {
        assertThatThrownBy(() -> StepId.occurrence(name, 1))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageStartingWith("a step's name is 1 to 128 characters of A-Z a-z 0-9 . _ : / -, found \"")
                .satisfies(e -> assertThat(e.getMessage()).matches("[ -~]*"));
        assertThatThrownBy(() -> StepId.keyed(name, "k")).hasMessageStartingWith("a step's name is 1 to 128");
    }

    @Test
    void a_name_is_checked_before_it_is_shown() {
        assertThatThrownBy(() -> StepId.occurrence("x".repeat(100_000), 0))
                .hasMessage("a step's name is 1 to 128 characters of A-Z a-z 0-9 . _ : / -, found 100000 characters");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 100_000_001, Integer.MIN_VALUE})
    void occurrences_count_from_one(int occurrence) {
        assertThatThrownBy(() -> StepId.occurrence("charge", occurrence))
                .hasMessage("step \"charge\" has occurrence " + occurrence + "; occurrences count from 1 to 100000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a\nb", "a\u0000", "\u007f", "\u0085", "\u202eb", "\u2028", "\u2029", "\ufeff", "\ud800"})
    void keys_are_printable(String key) {
        assertThatThrownBy(() -> StepId.keyed("charge", key))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessage("the key of step \"charge\" must be 1 to 256 printable characters, found " + key.length()
                        + " characters");
    }

    @Test
    void a_key_has_at_most_256_characters() {
        assertThat(StepId.keyed("charge", "k".repeat(256)).key().orElseThrow()).hasSize(256);
        assertThatThrownBy(() -> StepId.keyed("charge", "k".repeat(257))).hasMessageEndingWith("found 257 characters");
    }

    @Test
    void a_form_that_means_two_things_or_none_is_refused() {
        assertThatThrownBy(() -> StepId.of(Json.object().put("name", "a").build()))
                .hasMessage("a step has either a key or an occurrence");
        assertThatThrownBy(() -> StepId.of(Json.object()
                        .put("name", "a")
                        .put("key", "k")
                        .put("occurrence", 1)
                        .build()))
                .hasMessage("a step has either a key or an occurrence");
        assertThatThrownBy(() -> StepId.of(Json.object()
                        .put("name", "a")
                        .put("occurrence", 1)
                        .put("attempt", 2)
                        .build()))
                .hasMessage("member \"attempt\" is unknown; allowed are key, name, occurrence");
        assertThatThrownBy(() -> StepId.of(Json.object()
                        .put("name", "a")
                        .put("occurrence", 1L << 40)
                        .build()))
                .hasMessageStartingWith("step \"a\" has occurrence 2147483647;");
    }

    @Test
    void order_follows_equality() {
        StepId[] steps = {
            StepId.keyed("a", "1"),
            StepId.keyed("a", "2"),
            StepId.occurrence("a", 1),
            StepId.occurrence("a", 2),
            StepId.occurrence("b", 1)
        };
        assertThat(Stream.of(steps[4], steps[2], steps[0], steps[3], steps[1]).sorted())
                .containsExactly(steps);
        for (StepId one : steps) {
            for (StepId other : steps) {
                assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
            }
        }
        assertThat(StepId.occurrence("a", 1)).hasSameHashCodeAs(StepId.occurrence("a", 1));
    }
}
