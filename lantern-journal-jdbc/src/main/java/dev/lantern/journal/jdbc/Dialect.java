package dev.lantern.journal.jdbc;

import dev.lantern.journal.Durability;
import dev.lantern.value.LanternException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;

/** What differs from database to database. Stateless. */
interface Dialect {
    List<Dialect> ALL = List.of(new H2Dialect());

    /** The product name that the JDBC driver reports, also the folder of the schema in lower case. */
    String product();

    /** Refuses versions and settings under which the journal would break its promises. */
    void check(DatabaseMetaData database) throws SQLException;

    /** What an acknowledged write survives on this very database if {@code wanted} is asked for. */
    Durability durability(Session session, Durability wanted) throws SQLException;

    /** Forces everything committed to disk. */
    void sync(Session session) throws SQLException;

    /** Makes every statement of this session give up after {@code millis}, waiting for locks included. */
    void limit(Session session, int millis) throws SQLException;

    /** Undoes {@link #limit} before the connection goes back to somebody else. */
    void unlimit(Session session) throws SQLException;

    /** Whether a statement failed because a row of that key is there already. */
    boolean duplicate(SQLException failure);

    /** Inserts a host; parameters: address, lease in microseconds; answers host, renewed_at, lease_until. */
    String join();

    /** Renews a host's lease; parameters: lease in microseconds, host; answers as {@link #join}, or no row. */
    String renew();

    /** The database's clock, as leases are compared with it. */
    String now();

    /** The time a day before {@link #now}. */
    String aDayAgo();

    /**
     * Leaves a message where the run is open; parameters: kind, body, run key; answers its id, or no row.
     */
    String put();

    static Dialect of(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        Dialect dialect = named(database.getDatabaseProductName());
        dialect.check(database);
        return dialect;
    }

    static Dialect named(String product) {
        return ALL.stream()
                .filter(dialect -> dialect.product().equalsIgnoreCase(product))
                .findFirst()
                .orElseThrow(() -> new LanternException("the journal has no schema for the database \"" + product
                        + "\"; it knows "
                        + String.join(", ", ALL.stream().map(Dialect::product).toList())));
    }
}
