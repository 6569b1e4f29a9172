package dev.lantern.retention;

import dev.lantern.journal.Disposal;
import dev.lantern.run.RunQuery;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Objects;

/**
 * Which runs have been kept long enough.
 *
 * @param closedFor how long ago the last event of a run must have been written
 * @param reason for the audit trail; stands in the journal for ever, so it holds nothing personal
 * @param runs narrows it to these, for instance to a tenant or a label; its order, limit and cursor mean nothing here
 */
public record RetentionRule(Duration closedFor, String reason, RunQuery runs) {
    private static final int MOST_DAYS = 365_000;
    /** @throws LanternException if the time is negative or more than a thousand years, or the reason is blank or longer than 1,000 characters */
    public RetentionRule {
        Objects.requireNonNull(runs, "runs");
        if (closedFor.isNegative() || closedFor.toDays() > MOST_DAYS) {
            throw new LanternException(
                    "runs are kept for 0 to " + MOST_DAYS + " days after they closed, found " + closedFor);
        }
        if (reason.isBlank() || reason.length() > Disposal.LONGEST_REASON || reason.indexOf('\0') >= 0) {
            throw new LanternException("a retention rule needs a reason of 1 to " + Disposal.LONGEST_REASON
                    + " characters for the audit trail, found " + reason.length());
        }
    }

    /** All runs that have been closed for this long. */
    public static RetentionRule closedFor(Duration time, String reason) {
        return new RetentionRule(time, reason, RunQuery.all());
    }

    /** Only those of them that this query chooses. */
    public RetentionRule of(RunQuery query) {
        return new RetentionRule(closedFor, reason, query);
    }
}
