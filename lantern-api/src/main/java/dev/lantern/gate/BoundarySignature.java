package dev.lantern.gate;

import java.util.Objects;

/**
 * A text by which a sandbox is known from inside: something that its kernel says and that no other kind of boundary says.
 *
 * @param place where it stands
 * @param text what stands there, as a part of it; in the letters' own case
 */
public record BoundarySignature(Place place, String text) {
    private static final int SHORTEST = 4;

    /** Where a kernel says something of itself. */
    public enum Place {
        /** {@code /proc/version}. */
        KERNEL,
        /** {@code /proc/cmdline}. */
        COMMAND_LINE,
        /** Type and source of a mount, as in {@code virtiofs kataShared}. */
        MOUNT
    }

    /** @throws IllegalArgumentException if the text is so short that it would be found by chance */
    public BoundarySignature {
        Objects.requireNonNull(place, "place");
        if (text.strip().length() < SHORTEST) {
            throw new IllegalArgumentException("a signature of \"" + text + "\": allowed are texts of " + SHORTEST
                    + " characters and more, because a shorter one is found by chance");
        }
    }

    /** One line for a person. */
    @Override
    public String toString() {
        return "\"" + text + "\" in "
                + switch (place) {
                    case KERNEL -> "the kernel's version";
                    case COMMAND_LINE -> "the kernel's command line";
                    case MOUNT -> "a mount";
                };
    }
}
