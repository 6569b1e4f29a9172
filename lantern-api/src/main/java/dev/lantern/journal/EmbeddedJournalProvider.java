package dev.lantern.journal;

import java.nio.file.Path;

/** How a backend offers a journal in a directory, for laptops. Found through {@link java.util.ServiceLoader}. */
public interface EmbeddedJournalProvider {

    /**
     * Opens the journal in this directory, made if need be, for this process alone.
     *
     * @throws dev.lantern.value.LanternException if another process has it open, or it cannot be read
     */
    Journal open(Path directory);
}
