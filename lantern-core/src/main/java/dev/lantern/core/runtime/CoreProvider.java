package dev.lantern.core.runtime;

import dev.lantern.LanternRuntime;
import dev.lantern.RuntimeProvider;
import dev.lantern.core.local.LocalProcessSubstrate;
import dev.lantern.core.logs.FileLogStore;
import dev.lantern.core.logs.LogLimits;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.journal.EmbeddedJournalProvider;
import dev.lantern.journal.Journal;
import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Found by the API through the service loader. */
public final class CoreProvider implements RuntimeProvider {

    private static final String DIRECTORY = ".lantern";

    /** For the service loader. */
    public CoreProvider() {}

    @Override
    public LanternRuntime.Builder builder() {
        return new CoreBuilder();
    }

    @Override
    public LanternRuntime embedded() {
        Path directory = Path.of(DIRECTORY).toAbsolutePath();
        Journal journal = ServiceLoader.load(EmbeddedJournalProvider.class, CoreProvider.class.getClassLoader())
                .findFirst()
                .or(() -> ServiceLoader.load(EmbeddedJournalProvider.class).findFirst())
                .orElseThrow(() -> new LanternException("no embedded journal on the class or module path for "
                        + directory + ": add dev.lantern:lantern-journal-jdbc and com.h2database:h2"))
                .open(directory.resolve("journal"));
        try {
            return builder()
                    .journal(journal)
                    .substrate(LocalProcessSubstrate.in(directory.resolve("instances")))
                    .logs(new FileLogStore(directory.resolve("logs"), LogLimits.defaults(), SystemInstants.source()))
                    .start();
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }
}
