package dev.lantern.benchmarks;

import dev.lantern.journal.EmbeddedJournalProvider;
import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** The journals that are measured. */
final class Journals {
    private Journals() {}

    /** H2 in a directory, with its usual durability: disk. */
    static Journal h2(Path directory) {
        return ServiceLoader.load(EmbeddedJournalProvider.class)
                .findFirst()
                .orElseThrow(() -> new LanternException("no embedded journal on the class path"))
                .open(directory);
    }
}
