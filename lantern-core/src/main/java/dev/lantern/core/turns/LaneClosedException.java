package dev.lantern.core.turns;

import dev.lantern.value.LanternException;
import java.util.Locale;

/** The call was not made because this host is closing. Another host makes it, or the next one on the same journal. */
public final class LaneClosedException extends LanternException {
    private static final long serialVersionUID = 1L;

    public LaneClosedException(LaneName lane) {
        super("the " + lane.name().toLowerCase(Locale.ROOT) + " lane is closed: this host is closing");
    }
}
