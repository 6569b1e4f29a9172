package dev.lantern.core.event;

import dev.lantern.value.LanternException;

/** This host cannot fold the event, so it must not own the run: a newer host wrote it. */
public final class UnknownEventException extends LanternException {
    private static final long serialVersionUID = 1L;

    UnknownEventException(String kind, long version) {
        super("event kind \"" + kind + "\" version " + version
                + " is not known to this host; a newer version of Lantern wrote it and must continue the run");
    }
}
