package dev.lantern.journal.jdbc;

import dev.lantern.journal.EmbeddedJournalProvider;
import dev.lantern.journal.Journal;
import java.nio.file.Path;

/** Offers {@link JdbcJournal#embedded(Path)} to runtimes that were given a directory and no journal. */
public final class EmbeddedProvider implements EmbeddedJournalProvider {

    /** For the service loader. */
    public EmbeddedProvider() {}

    @Override
    public Journal open(Path directory) {
        return JdbcJournal.embedded(directory);
    }
}
