package dev.lantern.journal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.journal.Durability;
import dev.lantern.journal.Journal;
import dev.lantern.testkit.contract.JournalContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessDurableJournalTest extends JournalContract {
    @TempDir
    Path directory;

    @Override
    protected Journal open() {
        return JdbcJournal.embedded(directory, JdbcOptions.defaults().withDurability(Durability.PROCESS));
    }

    @Override
    protected Optional<Journal> reopen() {
        journal().close();
        return Optional.of(open());
    }

    @Test
    void it_says_what_it_survives() {
        assertThat(journal().durability()).isEqualTo(Durability.PROCESS);
    }
}
