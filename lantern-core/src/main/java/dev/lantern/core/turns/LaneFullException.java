package dev.lantern.core.turns;

import dev.lantern.value.LanternException;

/** The call was not made because too many of its kind are waiting. */
public final class LaneFullException extends LanternException {
    private static final long serialVersionUID = 1L;

    public LaneFullException(LaneName lane, int waiting) {
        super("the " + lane.name().toLowerCase(java.util.Locale.ROOT) + " lane has " + waiting
                + " calls waiting; the call was not made and can be repeated");
    }
}
