package dev.lantern.core.keys;

import dev.lantern.value.LanternException;
import java.time.Duration;

/**
 * How long two keys of an authority stand beside each other when the one follows the other.
 *
 * @param published how long a new key is known before it signs: instances take a new list of keys whenever they renew
 *     their certificates, and hosts read a shared store only now and then
 * @param trusted how long a former key is believed after it stopped signing: at least what its last certificates last
 */
public record Overlap(Duration published, Duration trusted) {
    private static final Overlap STANDARD = new Overlap(Duration.ofHours(1), Duration.ofHours(1));
    private static final Overlap NONE = new Overlap(Duration.ZERO, Duration.ZERO);

    /** @throws LanternException if one is negative */
    public Overlap {
        if (published.isNegative() || trusted.isNegative()) {
            throw new LanternException(
                    "keys overlap for no less than nothing, found " + published + " before and " + trusted + " after");
        }
    }

    /** An hour before and an hour after, which no instance notices. */
    public static Overlap standard() {
        return STANDARD;
    }

    /**
     * No overlap: the new key signs at once, and nobody believes any other from then on. For a key that somebody else may
     * have. Instances with certificates of the former keys are cut off, and the runs go on with new ones.
     */
    public static Overlap none() {
        return NONE;
    }
}
