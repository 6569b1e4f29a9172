package dev.lantern.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunRefTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "Ticket-4711", "a.b_c-d", "0.0"})
    void names_that_need_no_escaping_are_taken(String name) {
        assertThat(new RunRef("acme", name)).hasToString("acme/" + name);
        assertThat(new RunRef(name, "r").tenant()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b",
                "a b",
                "a%2fb",
                "a\\b",
                "a:b",
                "a\u0000b",
                "a\nb",
                "é",
                "a😀b",
                "a@b",
                "a+b",
                "a~b",
                "a\"b"
            })
    void characters_that_mean_something_elsewhere_are_refused(String name) {
        assertThatThrownBy(() -> new RunRef("acme", name))
                .isExactlyInstanceOf(LanternException.class)
                .hasMessageStartingWith("run id \"")
                .hasMessageEndingWith("; allowed are A-Z a-z 0-9 . _ -")
                .satisfies(e -> assertThat(e.getMessage()).matches("[ -~]*"));
        assertThatThrownBy(() -> new RunRef(name, "r")).hasMessageStartingWith("tenant \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", ".a", "a.", "-a", "a-", "_", "a_"})
    void names_begin_and_end_with_a_letter_or_a_digit(String name) {
        assertThatThrownBy(() -> new RunRef("acme", name))
                .hasMessage("run id \"" + name + "\" must begin and end with a letter or a digit");
    }

    @Test
    void names_have_1_to_128_characters() {
        assertThat(new RunRef("acme", "x".repeat(128)).run()).hasSize(128);
        assertThatThrownBy(() -> new RunRef("acme", "x".repeat(129)))
                .hasMessage("run id has 129 characters; allowed are 1 to 128");
        assertThatThrownBy(() -> new RunRef("", "r")).hasMessage("tenant has 0 characters; allowed are 1 to 128");
    }

    @Test
    void runs_are_ordered_by_tenant_then_run() {
        assertThat(Stream.of(new RunRef("b", "1"), new RunRef("a", "2"), new RunRef("a", "1"), new RunRef("B", "9"))
                        .sorted())
                .containsExactly(
                        new RunRef("B", "9"), new RunRef("a", "1"), new RunRef("a", "2"), new RunRef("b", "1"));
    }
}
