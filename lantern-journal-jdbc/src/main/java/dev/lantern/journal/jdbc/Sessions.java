package dev.lantern.journal.jdbc;

import java.sql.SQLException;

/** Where sessions come from. Thread-safe. */
interface Sessions {

    /** A session for one call; given back in any case. */
    Session borrow(Deadline deadline) throws SQLException;

    /** @param sound whether its last transaction ended as it should; else the connection is not used again */
    void giveBack(Session session, boolean sound);

    void close() throws SQLException;
}
