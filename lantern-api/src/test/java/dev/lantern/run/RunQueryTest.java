package dev.lantern.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunQueryTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void each_condition_makes_a_new_query() {
        RunQuery all = RunQuery.all();
        RunQuery narrow = all.tenant("acme")
                .status(RunStatus.FAILED)
                .open()
                .label("team", "x")
                .limit(7);

        assertThat(all.tenant()).isEmpty();
        assertThat(all.statuses()).containsExactly(RunStatus.values());
        assertThat(all.openness()).isEmpty();
        assertThat(all.limit()).isEqualTo(100);
        assertThat(narrow.tenant()).contains("acme");
        assertThat(narrow.statuses()).containsExactly(RunStatus.FAILED);
        assertThat(narrow.openness()).contains(true);
        assertThat(narrow.closed().openness()).contains(false);
        assertThat(narrow.labels().asMap()).containsEntry("team", "x");
        assertThat(narrow.after("c").cursor()).contains("c");
        assertThat(all.retained()).as("deleted runs only when asked for").doesNotContain(Retained.TOMBSTONE);
    }

    @Test
    void bounds_keep_their_meaning_in_the_microseconds_of_a_journal() {
        Instant behind = NOON.plusNanos(1);

        assertThat(RunQuery.all().createdFrom(behind).createdFrom()).contains(NOON.plusNanos(1_000));
        assertThat(RunQuery.all().createdBefore(behind).createdBefore()).contains(NOON.plusNanos(1_000));
        assertThat(RunQuery.all().createdFrom(NOON).createdFrom()).contains(NOON);
        assertThat(RunQuery.all().createdFrom(Instant.MIN).createdFrom().orElseThrow())
                .isBefore(NOON);
        assertThat(RunQuery.all().createdBefore(Instant.MAX).createdBefore().orElseThrow())
                .isAfter(NOON);
    }

    @Test
    void a_page_is_neither_empty_nor_endless() {
        for (int limit : new int[] {0, -1, RunQuery.MOST + 1}) {
            assertThatThrownBy(() -> RunQuery.all().limit(limit))
                    .hasMessageContaining("1 to 1000 runs")
                    .hasMessageContaining(String.valueOf(limit));
        }
    }
}
