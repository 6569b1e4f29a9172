package dev.lantern.core.gate;

import java.util.Locale;

/** Where in an instance's life something was looked at. */
enum Checkpoint {
    /** The spec itself. */
    SPEC,
    /** The facts about where it would run. */
    FACTS,
    /** The sandbox, from inside. */
    ATTESTATION;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
