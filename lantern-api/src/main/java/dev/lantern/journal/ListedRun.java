package dev.lantern.journal;

import dev.lantern.run.RunLabels;
import java.time.Instant;

/**
 * One run of a list, with what only lists need.
 *
 * @param row the run's row as it stood when the backend answered
 * @param agent as {@link Create#agent}
 * @param labels as {@link Create#labels}; none once the run was deleted
 * @param created as {@link Create#created}
 */
public record ListedRun(RunRow row, String agent, RunLabels labels, Instant created) {

    /** Where it stands in every list. */
    public RunPlace place() {
        return new RunPlace(created, row.key());
    }
}
