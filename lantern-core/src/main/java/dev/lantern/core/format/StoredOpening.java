package dev.lantern.core.format;

import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.util.Arrays;

/** How much of a payload's opening an event's row keeps. Salt and media type always; the bytes in one of three ways. */
public sealed interface StoredOpening {

    /** The largest payload that stands in its event's row, in bytes (64 KiB). */
    int INLINE_LIMIT = 64 * 1024;

    String mediaType();

    /** A copy of the salt. */
    byte[] salt();

    /**
     * Whether this payload is the one behind {@code commitment}: decided by computing the commitment again, with the
     * salt that was kept. A salt that somebody changed makes it a no.
     */
    default boolean matches(Commitment commitment, String mediaType, byte[] bytes) {
        return mediaType().equals(mediaType)
                && Opening.of(mediaType, salt(), bytes).commitment().equals(commitment);
    }

    /** The form in which an opening is kept whole: in the row up to {@link #INLINE_LIMIT}, elsewhere above. */
    static StoredOpening whole(Opening opening) {
        return opening.size() <= INLINE_LIMIT
                ? new Inline(opening)
                : new Elsewhere(opening.mediaType(), opening.salt());
    }

    /** The form in which an opening is kept only so that equality can be decided later. */
    static StoredOpening forEquality(Opening opening) {
        return new SaltOnly(opening.mediaType(), opening.salt());
    }

    /**
     * The payload stands in the row.
     *
     * @param opening all of it
     */
    record Inline(Opening opening) implements StoredOpening {

        /** @throws LanternException if the payload is larger than {@link StoredOpening#INLINE_LIMIT} */
        public Inline {
            if (opening.size() > INLINE_LIMIT) {
                throw new LanternException(
                        "a payload of " + opening.size() + " bytes does not stand in its event's row, " + "which takes "
                                + INLINE_LIMIT + "; keep it by its commitment");
            }
        }

        @Override
        public String mediaType() {
            return opening.mediaType();
        }

        @Override
        public byte[] salt() {
            return opening.salt();
        }
    }

    /** The payload is not kept: a step's input, which whoever repeats the step must bring again. */
    record SaltOnly(String mediaType, byte[] salt) implements StoredOpening {
        public SaltOnly {
            salt = checked(mediaType, salt);
        }

        @Override
        public byte[] salt() {
            return salt.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof SaltOnly that && mediaType.equals(that.mediaType) && Arrays.equals(salt, that.salt);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(salt);
        }

        @Override
        public String toString() {
            return "SaltOnly[" + mediaType + "]";
        }
    }

    /** The payload is kept by its commitment, through {@link dev.lantern.journal.Journal#keep}. */
    record Elsewhere(String mediaType, byte[] salt) implements StoredOpening {
        public Elsewhere {
            salt = checked(mediaType, salt);
        }

        @Override
        public byte[] salt() {
            return salt.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Elsewhere that
                    && mediaType.equals(that.mediaType)
                    && Arrays.equals(salt, that.salt);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(salt);
        }

        @Override
        public String toString() {
            return "Elsewhere[" + mediaType + "]";
        }
    }

    /** What an opening demands of media type and salt, this demands too. */
    private static byte[] checked(String mediaType, byte[] salt) {
        return Opening.of(mediaType, salt, new byte[0]).salt();
    }
}
