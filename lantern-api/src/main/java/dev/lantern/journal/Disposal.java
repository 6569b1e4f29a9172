package dev.lantern.journal;

import dev.lantern.run.Retained;
import java.util.Objects;

/**
 * What is to be erased or deleted of one closed run. A group holds at most one per run.
 *
 * @param key the run, as {@link RunRow#key()} names it
 * @param kind how much of it
 * @param head the end of the chain as the caller knows it: what it archived is what is deleted
 * @param reason for the audit trail; stands in the journal for ever, so it holds nothing personal
 */
public record Disposal(long key, Kind kind, Head head, String reason) {
    /** The longest reason, in characters. */
    public static final int LONGEST_REASON = 1_000;

    /** How much is disposed of. */
    public enum Kind {
        /** Salts and payloads. Every event stays as it is. */
        ERASE(Retained.CHAIN),
        /** Everything but the run's row; a copy is in an archive. */
        ARCHIVE(Retained.TOMBSTONE),
        /** Everything but the run's row, without a copy. */
        DELETE(Retained.TOMBSTONE);

        private final Retained left;

        Kind(Retained left) {
            this.left = left;
        }

        /** What is left of the run afterwards. */
        public Retained left() {
            return left;
        }
    }

    /** @throws IllegalArgumentException if the reason is blank or longer than {@link #LONGEST_REASON} */
    public Disposal {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(head, "head");
        if (reason.isBlank() || reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a disposal of run " + key + " needs a reason of 1 to " + LONGEST_REASON
                    + " characters, found " + reason.length());
        }
    }
}
