package dev.lantern.journal.jdbc;

import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Disposal;
import dev.lantern.journal.DisposalResult;
import dev.lantern.journal.Disposed;
import dev.lantern.journal.Durability;
import dev.lantern.journal.Event;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.InboxMessage;
import dev.lantern.journal.Journal;
import dev.lantern.journal.ListedRun;
import dev.lantern.journal.Replacement;
import dev.lantern.journal.RunPlace;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunQuery;
import dev.lantern.value.Commitment;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The journal on a relational database: H2 in a file of its own, or H2 or PostgreSQL behind any data source.
 *
 * <pre>{@code
 * try (Journal journal = JdbcJournal.embedded(Path.of("/var/lib/lantern"))) {
 *     …
 * }
 * }</pre>
 *
 * <p>Thread-safe. When a call returns, what it reports is durable as {@link #durability} says. Each call
 * uses one connection; behind a data source leases use another one of their own, which they keep, and on PostgreSQL
 * so does the waiting for messages: allow at least three, four where work is heavy. Messages of exceptions hold database codes, never values of rows.
 */
public final class JdbcJournal implements Journal {
    private static final Duration OPENING = Duration.ofSeconds(60);

    private final Durability durability;
    private final Transactions transactions;
    private final Hosts hosts;
    private final Runs runs;
    private final Appends appends;
    private final Events events;
    private final Openings openings;
    private final Claims claims;
    private final Inbox inbox;
    private final Listing listing;
    private final Disposals disposals;
    private final Ear ear;
    private final Closing closing;

    private JdbcJournal(
            Dialect dialect, Durability durability, Sessions sessions, Sessions leases, Ear ear, Closing closing) {
        this.durability = durability;
        this.transactions = new Transactions(sessions, dialect, durability == Durability.DISK);
        this.hosts = new Hosts(transactions.through(leases), dialect);
        this.runs = new Runs(transactions, dialect);
        this.appends = new Appends(transactions, dialect);
        this.events = new Events(transactions, dialect);
        this.openings = new Openings(transactions, dialect);
        this.claims = new Claims(transactions, dialect);
        this.inbox = new Inbox(transactions, dialect);
        this.listing = new Listing(transactions);
        this.disposals = new Disposals(transactions, dialect);
        this.ear = ear;
        this.closing = closing;
    }

    /**
     * Opens the journal in a directory of its own, made if it is missing, with the default options.
     *
     * <p>One journal at a time may be open on a directory, so every host of an earlier one is known to be gone:
     * their leases end here, and what they ran can be claimed at once.
     *
     * @throws LanternException if another journal is open on the directory, H2 is missing, or the file cannot be used
     */
    public static JdbcJournal embedded(Path directory) {
        return embedded(directory, JdbcOptions.defaults());
    }

    /** As {@link #embedded(Path)}. The schema is always brought up to date: nobody else could. */
    public static JdbcJournal embedded(Path directory, JdbcOptions options) {
        return embedded(directory, options, Compaction.SMALLEST);
    }

    static JdbcJournal embedded(Path directory, JdbcOptions options, long smallestToCompact) {
        Objects.requireNonNull(directory, "directory");
        Connections source = Embedded.in(directory);
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            Compaction compaction = new Compaction(source, Embedded.file(directory), smallestToCompact);
            if (compaction.mayBeDue()) {
                compaction.run(true);
            }
            OwnSessions sessions = new OwnSessions(source, compaction);
            Closing closing = Closing.of(sessions::close, lock::close);
            // This connection keeps the database open until the journal has sessions of its own.
            try (Connection connection = source.open()) {
                new Migrator(source).create();
                JdbcJournal journal = open(connection, options, sessions, sessions, Ear.DEAF, closing);
                journal.hosts.endAll(Deadline.start("end the leases of earlier hosts", OPENING));
                return journal;
            }
        } catch (SQLException e) {
            lock.close();
            throw Failures.opening("opening the journal in " + directory, e);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Opens the journal on a data source, with the default options. Closing the journal leaves the data source open.
     *
     * <p>PostgreSQL 14 or newer is the journal for production and for more than one host. A group of creates or of
     * appends is one statement and by that one transaction. Nothing is set in a session and nothing expected of one;
     * whatever writes fails where its session is not READ COMMITTED or has {@code synchronous_commit} off.
     *
     * <p>An H2 with a file must have been opened with {@code ;REUSE_SPACE=FALSE}: else it may forget its last
     * commits when it is killed, and is refused. Its file then grows until it is compacted, which is the data
     * source's owner's business ({@code SHUTDOWN COMPACT}). An interrupt of a thread inside an H2 database in this
     * very JVM closes its file; if the host interrupts threads, let the URL begin with {@code jdbc:h2:retry:}.
     * {@link #embedded} takes care of all this.
     *
     * @throws LanternException if the database is none that the journal knows, or its schema or settings are refused
     */
    public static JdbcJournal on(DataSource source) {
        return on(source, JdbcOptions.defaults());
    }

    /** As {@link #on(DataSource)}, with options. */
    public static JdbcJournal on(DataSource source, JdbcOptions options) {
        Migrator migrator = new Migrator(options.migrations().orElse(source)::getConnection);
        switch (options.schema()) {
            case CREATE -> migrator.create();
            case VALIDATE -> migrator.validate();
            case NONE -> {}
        }
        try (Connection connection = source.getConnection()) {
            Dialect dialect = Dialect.of(connection);
            SourceSessions sessions = new SourceSessions(source::getConnection, dialect);
            LeaseSession leases = new LeaseSession(sessions);
            Ear ear = dialect.ear(source::getConnection, connection);
            Closing closing = Closing.of(ear::close, leases::close, sessions::close);
            return open(connection, options, sessions, leases, ear, closing);
        } catch (SQLException e) {
            throw Failures.opening("opening the journal on a data source", e);
        }
    }

    /** Brings the schema behind a data source to this version's, and opens nothing. Safe to run from several hosts. */
    public static void migrate(DataSource source) {
        new Migrator(source::getConnection).create();
    }

    /**
     * The whole schema as a script, for hosts that apply it with their own tool and open with
     * {@link SchemaMode#VALIDATE}.
     *
     * @param database the database's name as its JDBC driver reports it, {@code H2} or {@code PostgreSQL}
     * @throws LanternException if the journal does not know the database
     */
    public static String script(String database) {
        return Migrator.script(Dialect.named(database));
    }

    private static JdbcJournal open(
            Connection connection, JdbcOptions options, Sessions sessions, Sessions leases, Ear ear, Closing closing)
            throws SQLException {
        Dialect dialect = Dialect.of(connection);
        // Not closed here: that would close the connection, which is the caller's.
        Session session = dialect.session(connection);
        try {
            Durability durability = dialect.durability(session, options.durability());
            return new JdbcJournal(dialect, durability, sessions, leases, ear, closing);
        } finally {
            if (Quietly.rollback(session)) {
                session.restore();
            }
        }
    }

    @Override
    public Durability durability() {
        return durability;
    }

    @Override
    public String installation(Duration within) {
        return transactions
                .read(
                        Deadline.start("read the installation id", within),
                        session -> session.one("select id from lantern_installation", rows -> rows.getString(1)))
                .orElseThrow(() -> new LanternException(
                        "read the installation id: the table lantern_installation is empty; restore its row"));
    }

    @Override
    public HostLease join(String address, Duration lease, Duration within) {
        return hosts.join(address, lease, Deadline.start("join a host", within));
    }

    @Override
    public Optional<HostLease> renew(long host, Duration lease, Duration within) {
        return hosts.renew(host, lease, Deadline.start("renew host " + host, within));
    }

    @Override
    public void leave(long host, Duration within) {
        hosts.leave(host, Deadline.start("leave as host " + host, within));
    }

    @Override
    public Optional<String> address(long host, Duration within) {
        return hosts.address(host, Deadline.start("read the address of host " + host, within));
    }

    @Override
    public List<CreateResult> create(List<Create> group, Duration within) {
        Deadline deadline = Deadline.start("create " + group.size() + " runs", within);
        OncePerRun.check("create", group, Create::run);
        return group.isEmpty() ? List.of() : runs.create(group, deadline);
    }

    @Override
    public List<AppendResult> append(List<Append> group, Duration within) {
        Deadline deadline = Deadline.start("append to " + group.size() + " runs", within);
        OncePerRun.check("append", group, Append::key);
        return appends.append(group, deadline);
    }

    @Override
    public void keep(long key, Commitment commitment, byte[] body, Duration within) {
        openings.keep(key, commitment, body, Deadline.start("keep a payload of run " + key, within));
    }

    @Override
    public Optional<RunRow> find(RunRef run, Duration within) {
        return runs.find(run, Deadline.start("find run " + run, within));
    }

    @Override
    public List<Event> read(long key, long afterSeq, int max, Duration within) {
        if (max < 1) {
            throw new IllegalArgumentException(
                    "read of run " + key + ": at least one event is asked for, found " + max);
        }
        return events.read(key, afterSeq, max, Deadline.start("read run " + key, within));
    }

    @Override
    public Optional<byte[]> kept(long key, Commitment commitment, Duration within) {
        return openings.kept(key, commitment, Deadline.start("read a payload of run " + key, within));
    }

    @Override
    public List<RunRow> runs(long afterKey, int max, Duration within) {
        requireOne("list runs", max);
        return runs.behind(afterKey, max, Deadline.start("list runs", within));
    }

    @Override
    public List<Commitment> keptOf(long key, Optional<Commitment> after, int max, Duration within) {
        String attempt = "list the payloads of run " + key;
        requireOne(attempt, max);
        return openings.keptOf(key, after, max, Deadline.start(attempt, within));
    }

    @Override
    public List<Boolean> replace(List<Replacement> group, Duration within) {
        Deadline deadline = Deadline.start("replace the payloads beside " + group.size() + " events", within);
        return group.isEmpty() ? List.of() : events.replace(group, deadline);
    }

    @Override
    public boolean replaceKept(long key, Commitment commitment, byte[] known, byte[] next, Duration within) {
        return openings.replace(
                key, commitment, known, next, Deadline.start("replace a payload of run " + key, within));
    }

    @Override
    public List<ListedRun> list(RunQuery query, Optional<RunPlace> behind, Duration within) {
        return listing.list(query, behind, Deadline.start("list runs", within));
    }

    @Override
    public List<DisposalResult> dispose(List<Disposal> group, Duration within) {
        Deadline deadline = Deadline.start("dispose of " + group.size() + " runs", within);
        OncePerRun.check("dispose", group, Disposal::key);
        return group.isEmpty() ? List.of() : disposals.dispose(group, deadline);
    }

    @Override
    public List<Disposed> disposed(long key, Duration within) {
        return disposals.disposed(key, Deadline.start("read what was disposed of run " + key, within));
    }

    @Override
    public List<RunRow> claimLapsed(long host, int max, Duration within) {
        return claims.claimLapsed(host, max, Deadline.start("claim lapsed runs for host " + host, within));
    }

    @Override
    public List<RunRow> owned(long host, long afterKey, int max, Duration within) {
        return claims.owned(host, afterKey, max, Deadline.start("list the runs of host " + host, within));
    }

    @Override
    public Optional<RunRow> claim(long key, long from, long host, Duration within) {
        return claims.claim(key, from, host, Deadline.start("claim run " + key + " for host " + host, within));
    }

    @Override
    public void release(long key, long host, Duration within) {
        claims.release(key, host, Deadline.start("release run " + key, within));
    }

    @Override
    public long put(InboxMessage message, Duration within) {
        return inbox.put(message, Deadline.start("put a message for run " + message.key(), within));
    }

    @Override
    public List<InboxMessage> inbox(long host, int max, Duration within) {
        return inbox.read(host, max, Deadline.start("read the inbox of host " + host, within));
    }

    /** On PostgreSQL, unless something between may give each transaction another session, such as PgBouncer. */
    @Override
    public boolean hearsMessages() {
        return ear.hears();
    }

    @Override
    public boolean awaitMessage(long host, Duration within) {
        Deadline deadline = Deadline.start("wait for messages to host " + host, within);
        try {
            return ear.await(host, deadline);
        } catch (SQLException e) {
            throw Failures.during(deadline, e);
        }
    }

    @Override
    public void discard(List<Long> ids, Duration within) {
        inbox.discard(ids, Deadline.start("discard " + ids.size() + " messages", within));
    }

    private static void requireOne(String attempt, int max) {
        if (max < 1) {
            throw new IllegalArgumentException(attempt + ": at least one is asked for, found " + max);
        }
    }

    /** Waits for calls under way and closes what the journal opened itself; later calls fail. */
    @Override
    public void close() {
        closing.close();
    }
}
