package dev.lantern.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lantern.value.LanternException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunLabelsTest {
    @Test
    void a_label_given_again_gets_the_new_value_and_the_old_labels_stay_what_they_were() {
        RunLabels one = RunLabels.none().with("team", "x");
        RunLabels two = one.with("team", "y").with("app.example/tier", "");

        assertThat(one.asMap()).containsOnlyKeys("team").containsEntry("team", "x");
        assertThat(two.asMap()).containsEntry("team", "y").containsEntry("app.example/tier", "");
        assertThat(two).isEqualTo(RunLabels.none().with("app.example/tier", "").with("team", "y"));
        assertThatThrownBy(() -> two.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void labels_are_within_others_that_have_all_of_them() {
        RunLabels run = RunLabels.none().with("team", "x").with("tier", "1");

        assertThat(RunLabels.none().within(run)).isTrue();
        assertThat(RunLabels.none().with("tier", "1").within(run)).isTrue();
        assertThat(run.within(run)).isTrue();
        assertThat(RunLabels.none().with("tier", "2").within(run)).isFalse();
        assertThat(run.with("zone", "a").within(run)).isFalse();
    }

    @Test
    void names_and_values_that_a_database_or_a_reader_could_mistake_are_refused() {
        for (String name : List.of("", " ", "two words", "tab\t", "é", "n".repeat(318))) {
            assertThatThrownBy(() -> RunLabels.none().with(name, "v"))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("1 to 317 printable ASCII characters");
        }
        for (String value : List.of("\0", "line\n", "\ud800", "\udc00 x", "v".repeat(256))) {
            assertThatThrownBy(() -> RunLabels.none().with("team", value))
                    .isInstanceOf(LanternException.class)
                    .hasMessageContaining("label \"team\"")
                    .hasMessageContaining("allowed are 255");
        }
        assertThat(RunLabels.none().with("n".repeat(317), "🚀".repeat(127)).asMap())
                .hasSize(1);
    }

    @Test
    void a_run_has_as_many_labels_as_a_spec_and_no_more() {
        RunLabels labels = RunLabels.none();
        for (int i = 0; i < RunLabels.MOST; i++) {
            labels = labels.with("label-" + i, "v");
        }
        RunLabels full = labels;

        assertThat(full.with("label-7", "new").asMap()).hasSize(RunLabels.MOST);
        assertThatThrownBy(() -> full.with("one-more", "v")).hasMessageContaining("at most 256 labels");
    }
}
