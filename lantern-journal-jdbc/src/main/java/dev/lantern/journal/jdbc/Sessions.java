package dev.lantern.journal.jdbc;

import java.sql.SQLException;

/** Where sessions come from. Thread-safe; a session is borrowed and given back by the same thread. */
interface Sessions {

    /** A session for one call; given back in any case. */
    Session borrow(Deadline deadline) throws SQLException;

    /**
     * Takes the session back.
     *
     * @param sound whether its last transaction ended as it should; else it is not used again
     */
    void giveBack(Session session, boolean sound);

    /** The moment after a write for whatever cannot be done while sessions are in use. This thread holds none. */
    default void tidy() throws SQLException {}

    void close() throws SQLException;
}
