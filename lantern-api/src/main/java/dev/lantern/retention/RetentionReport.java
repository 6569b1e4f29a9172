package dev.lantern.retention;

import dev.lantern.value.RunRef;
import java.util.List;

/**
 * What a call of {@link Retention} did.
 *
 * @param done how many runs were erased, archived or deleted
 * @param left runs that the rule chose and that were left as they are, with the reason; at most 1,000 are named
 */
public record RetentionReport(long done, List<Left> left) {
    public RetentionReport {
        left = List.copyOf(left);
    }

    /**
     * A run that was left as it is.
     *
     * @param run which
     * @param why for a person
     */
    public record Left(RunRef run, String why) {}
}
