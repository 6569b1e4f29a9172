package dev.lantern.journal.jdbc;

import java.sql.SQLException;

/** Waits for messages in the inbox. Thread-safe; one thread at a time waits. */
interface Ear extends AutoCloseable {
    /** Where the database says nothing by itself. */
    Ear DEAF = new Ear() {
        @Override
        public boolean hears() {
            return false;
        }

        @Override
        public boolean await(long host, Deadline deadline) {
            return false;
        }

        @Override
        public void close() {}
    };

    boolean hears();

    /** As {@link dev.lantern.journal.Journal#awaitMessage}. */
    boolean await(long host, Deadline deadline) throws SQLException;

    @Override
    void close();
}
