package dev.lantern.journal.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Decides when an embedded file is worth rewriting, and rewrites it.
 *
 * <p>The file only grows (see {@link Embedded}), by several kilobytes for a single append, until everything in
 * it that is still needed is copied into a new file, which takes its place in one rename. That takes about a
 * second for 60 MB of content, during which calls wait; so large contents are left to the next opening.
 */
final class Compaction {
    /** Below this the file is left alone. */
    static final long SMALLEST = 64L * 1024 * 1024;
    /** How many times its content the file may have; the content as H2 counts it, with indexes. */
    private static final int TIMES = 6;
    /** Content above this is not rewritten between calls. */
    private static final long LARGEST_CONTENT = 256L * 1024 * 1024;

    private final Connections source;
    private final Path file;
    private final long smallest;
    private volatile long lookAgainAt;

    Compaction(Connections source, Path file, long smallest) {
        this.source = source;
        this.file = file;
        this.smallest = smallest;
        this.lookAgainAt = smallest;
    }

    /** A look at the file's size, cheap enough for every write. */
    boolean mayBeDue() {
        return size() >= lookAgainAt;
    }

    /** Rewrites the file if it is worth it. No other connection may be open, and none may be opened meanwhile. */
    void run(boolean largeToo) throws SQLException {
        long size = size();
        try (Connection connection = source.open()) {
            long content = content(connection, size);
            if (size < smallest || size / TIMES < content || (content > LARGEST_CONTENT && !largeToo)) {
                lookAgainAt = Math.max(smallest, size + size / 4);
                return;
            }
            execute(connection, "shutdown compact");
        }
        try (Connection connection = source.open()) {
            // The copy is in place; only from here on nothing hangs on the old one any more.
            execute(connection, "checkpoint sync");
        }
        lookAgainAt = Math.max(smallest, size() * TIMES);
    }

    /** H2 counts in percent: of the file that holds chunks at all, and of those chunks that is still needed. */
    private static long content(Connection connection, long size) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select setting_value from information_schema.settings"
                        + " where setting_name in ('info.FILL_RATE', 'info.CHUNKS_FILL_RATE')")) {
            double content = size;
            while (rows.next()) {
                content = content * rows.getInt(1) / 100;
            }
            return (long) content;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            // It is being replaced, or gone; whoever opens it next finds out.
            return 0;
        }
    }
}
