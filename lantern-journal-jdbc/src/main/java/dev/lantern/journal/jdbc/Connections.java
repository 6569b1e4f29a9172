package dev.lantern.journal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens a connection: the one method of a data source that the journal needs. */
interface Connections {
    Connection open() throws SQLException;
}
