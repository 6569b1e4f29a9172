package dev.lantern.run;

import java.util.List;
import java.util.Optional;

/**
 * A stretch of the runs that a {@link RunQuery} chooses.
 *
 * @param runs in the query's order; fewer than its limit on the last page, and possibly none
 * @param next where the next page begins, for {@link RunQuery#after}; empty on the last page
 */
public record RunPage(List<RunSummary> runs, Optional<String> next) {
    public RunPage {
        runs = List.copyOf(runs);
    }
}
