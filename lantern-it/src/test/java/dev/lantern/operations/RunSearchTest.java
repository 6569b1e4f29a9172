package dev.lantern.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.core.operations.RunSearch;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.RunPlace;
import dev.lantern.run.RunQuery;
import dev.lantern.run.RunStatus;
import dev.lantern.testkit.sim.ForwardingJournal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the journal is asked for. What it answers is the contract's. */
class RunSearchTest {
    private final Asked journal = new Asked();
    private final RunSearch search = new RunSearch(journal, Duration.ofSeconds(30));

    @Test
    void a_list_of_statuses_that_only_open_runs_have_is_one_of_open_runs() {
        for (RunStatus status : RunStatus.values()) {
            assertThat(asked(RunQuery.all().status(status)).openness())
                    .as(status.toString())
                    .isEqualTo(status.terminal() ? Optional.empty() : Optional.of(true));
        }
        RunStatus[] open = Arrays.stream(RunStatus.values())
                .filter(status -> !status.terminal())
                .toArray(RunStatus[]::new);
        assertThat(asked(RunQuery.all().status(open[0], open)).openness()).contains(true);
    }

    @Test
    void what_closed_runs_may_have_as_well_is_asked_for_as_it_is() {
        assertThat(asked(RunQuery.all()).openness()).isEmpty();
        assertThat(asked(RunQuery.all().status(RunStatus.RUNNING, RunStatus.FAILED))
                        .openness())
                .isEmpty();
        assertThat(asked(RunQuery.all().closed().status(RunStatus.RUNNING)).openness())
                .contains(false);
    }

    private RunQuery asked(RunQuery query) {
        search.page(query);
        RunQuery asked = journal.last;
        assertThat(asked.statuses()).isEqualTo(query.statuses());
        return asked;
    }

    private static final class Asked extends ForwardingJournal {
        private RunQuery last = RunQuery.all();

        Asked() {
            super(new InMemoryJournal(InstantSource.system(), "a test"));
        }

        @Override
        public List<ListedRun> list(RunQuery query, Optional<RunPlace> behind, Duration within) {
            last = query;
            return super.list(query, behind, within);
        }
    }
}
