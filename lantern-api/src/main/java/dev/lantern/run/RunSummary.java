package dev.lantern.run;

import dev.lantern.value.RunRef;
import java.time.Instant;

/**
 * One run of a {@link RunPage}, as it stood when the page was read.
 *
 * @param ref the run's tenant and id
 * @param agent the agent's name
 * @param labels what it was spawned with
 * @param created when it was spawned, by its host's clock
 * @param status where it stands
 * @param open whether anything may still be written to it; a run of a terminal status is open until it was torn down
 * @param retained what the journal still holds of it
 */
public record RunSummary(
        RunRef ref,
        String agent,
        RunLabels labels,
        Instant created,
        RunStatus status,
        boolean open,
        Retained retained) {}
