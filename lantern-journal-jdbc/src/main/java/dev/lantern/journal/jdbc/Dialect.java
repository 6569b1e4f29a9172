package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.Create;
import dev.lantern.journal.Durability;
import dev.lantern.journal.Event;
import dev.lantern.journal.RunRow;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What differs from database to database. Stateless. */
interface Dialect {
    List<Dialect> ALL = List.of(new H2Dialect(), new PostgresDialect());

    /** Work on the schema. */
    interface Change {
        void make() throws SQLException;
    }

    /** The product name that the JDBC driver reports, also the folder of the schema in lower case. */
    String product();

    /** Refuses products and versions under which the journal would break its promises. */
    void check(Connection connection) throws SQLException;

    /** The connection as the journal uses it, until {@link Session#restore}. */
    Session session(Connection connection) throws SQLException;

    /** What an acknowledged write survives on this very database if {@code wanted} is asked for. */
    Durability durability(Session session, Durability wanted) throws SQLException;

    /** Begins a transaction of several statements, in which what is written is safe to acknowledge. */
    void begin(Session session) throws SQLException;

    /** Whether one of the statements below is a transaction by itself, with all that {@link #begin} sees to. */
    boolean commitsStatements();

    /** Forces everything committed to disk, where a commit alone does not. */
    void sync(Session session) throws SQLException;

    /** Makes every statement of this session give up after {@code millis}, waiting for locks included. */
    void limit(Session session, int millis) throws SQLException;

    /** Undoes {@link #limit} before the connection goes back to somebody else. */
    void unlimit(Session session) throws SQLException;

    // -- schema --------------------------------------------------------------------------------------------

    /** What the migrator keeps its own books in, as a script. */
    String books();

    /** Makes a change to the schema while nobody else does; the books are there by then. */
    void alone(Connections source, Connection work, Change change) throws SQLException;

    // -- hosts ---------------------------------------------------------------------------------------------

    /** Inserts a host; parameters: address, lease in microseconds; answers host, renewed_at, lease_until, taken. */
    String join();

    /** Renews a host's lease; parameters: lease in microseconds, host; answers as {@link #join}, or no row. */
    String renew();

    /** The database's clock, as leases are compared with it. */
    String now();

    /** The time a day before {@link #now}. */
    String aDayAgo();

    // -- runs ----------------------------------------------------------------------------------------------

    /**
     * Makes those runs of the group whose names are free.
     *
     * @param places of the entries to try
     * @return the keys of the new runs, by the places of their entries
     */
    Map<Integer, Long> create(Session session, List<Create> group, List<Integer> places) throws SQLException;

    /**
     * Writes those appends of the group whose fences hold.
     *
     * @param places of the appends to try, by their keys
     * @return the keys of the runs that were written to
     */
    Set<Long> append(Session session, List<Append> group, List<Integer> places) throws SQLException;

    /** The columns that an event's body may stand in, one or two, of which one or none has it. */
    String bodies();

    /** Puts something else beside an event. */
    void replace(Session session, long key, long seq, Event.Erasable next) throws SQLException;

    /** Stores a payload unless one stands there already. */
    void keep(Session session, long key, Commitment commitment, byte[] body) throws SQLException;

    /** Makes a row for a run's log unless there is one. */
    void nameLog(Session session, RunRef run) throws SQLException;

    /** Lets this transaction's commit return before it is on disk, where a commit alone would wait for that. */
    void hurry(Session session) throws SQLException;

    /** Moves at most {@code max} runs of lapsed owners to {@code host}, while none of those owners can renew. */
    List<RunRow> takeLapsed(Session session, long host, int max) throws SQLException;

    /** How to hear of messages, on connections of {@code source}, which has opened {@code connection}. */
    Ear ear(Connections source, Connection connection) throws SQLException;

    /**
     * Leaves a message where the run is open; parameters: kind, body, run key; answers its id, or no row.
     */
    String put();

    /**
     * Behind a select of a run's head: the run cannot be disposed of until this transaction ends. It may be closed all the
     * same; whether it was closed before is told by a statement that begins behind this one.
     */
    String pinned();

    static Dialect of(Connection connection) throws SQLException {
        Dialect dialect = named(connection.getMetaData().getDatabaseProductName());
        dialect.check(connection);
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
