package dev.lantern.journal.jdbc;

import dev.lantern.value.LanternException;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.Properties;

/** H2 in a file of our own, with the settings under which it keeps what it acknowledged. */
final class Embedded {
    /**
     * WRITE_DELAY: a commit is in the operating system's hands when it returns, so it survives SIGKILL.
     * REUSE_SPACE: H2 finds its newest chunk at the file's end or along a trail from its header. A chunk put into
     * a gap can lie beside that trail, and is then lost in a kill, synced or not. So there are no gaps, and
     * {@link Compaction} rewrites the file instead.
     * RETENTION_TIME: dead chunks need no waiting time where nothing is overwritten.
     * PAGE_SIZE, CACHE_SIZE (KiB): each append writes a few pages anew, and touches few.
     * TRACE_LEVEL_FILE: H2's trace file would quote values of rows.
     */
    private static final String SETTINGS = ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;REUSE_SPACE=FALSE;RETENTION_TIME=0"
            + ";PAGE_SIZE=4096;CACHE_SIZE=8192;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";

    private Embedded() {}

    static Connections in(Path directory) {
        String path = directory.toAbsolutePath().resolve("journal").toString();
        if (path.contains(";")) {
            throw new LanternException("opening the journal in " + directory
                    + ": H2 reads settings behind a semicolon in a path; choose a directory without one");
        }
        // retry: an interrupt closes a file channel under the thread's hands; H2 then opens it again.
        String url = "jdbc:h2:retry:" + path + SETTINGS;
        Properties user = new Properties();
        user.setProperty("user", "lantern");
        user.setProperty("password", "");
        Driver driver = driver(directory);
        return () -> driver.connect(url, user);
    }

    /** The file that {@link #in} opens. */
    static Path file(Path directory) {
        return directory.resolve("journal.mv.db");
    }

    private static Driver driver(Path directory) {
        try {
            return new org.h2.Driver();
        } catch (NoClassDefFoundError e) {
            throw new LanternException(
                    "opening the journal in " + directory
                            + ": H2 is not on the class path; add com.h2database:h2 2.5 or newer",
                    e);
        }
    }
}
