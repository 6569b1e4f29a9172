package dev.lantern.journal.jdbc;

import dev.lantern.journal.Journal;
import dev.lantern.testkit.contract.JournalContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedJournalTest extends JournalContract {
    @TempDir
    Path directory;

    @Override
    protected Journal open() {
        return JdbcJournal.embedded(directory);
    }

    @Override
    protected Optional<Journal> reopen() {
        journal().close();
        return Optional.of(open());
    }
}
