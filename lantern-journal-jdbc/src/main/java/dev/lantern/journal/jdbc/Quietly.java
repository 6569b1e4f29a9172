package dev.lantern.journal.jdbc;

import java.sql.SQLException;

/** Ends what is already given up: the failure that matters is the one before. */
final class Quietly {
    private Quietly() {}

    static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            // The connection is not used again; whether the database took the goodbye changes nothing for us.
        }
    }

    static boolean rollback(Session session) {
        try {
            session.rollback();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}
