package dev.lantern.journal.jdbc;

import dev.lantern.journal.Event;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The events of a group as columns, each an array of its very type as in {@link PostgresColumns}. */
final class PostgresEvents {
    private final List<Long> owners = new ArrayList<>();
    private final List<Long> seqs = new ArrayList<>();
    private final List<byte[]> hashes = new ArrayList<>();
    private final List<byte[]> bytes = new ArrayList<>();
    private final List<byte[]> salts = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();

    void add(long owner, List<Event> events) {
        for (Event event : events) {
            owners.add(owner);
            seqs.add(event.seq());
            hashes.add(event.hash().bytes());
            bytes.add(event.bytes());
            salts.add(event.erasable().map(Event.Erasable::salts).orElse(null));
            bodies.add(event.erasable().map(Event.Erasable::body).orElse(null));
        }
    }

    /** Sets six parameters from {@code first} on. */
    void set(Session session, PreparedStatement statement, int first) throws SQLException {
        statement.setArray(first, session.array("bigint", owners.toArray(Long[]::new)));
        statement.setArray(first + 1, session.array("bigint", seqs.toArray(Long[]::new)));
        statement.setArray(first + 2, session.array("bytea", hashes.toArray(byte[][]::new)));
        statement.setArray(first + 3, session.array("bytea", bytes.toArray(byte[][]::new)));
        statement.setArray(first + 4, session.array("bytea", salts.toArray(byte[][]::new)));
        statement.setArray(first + 5, session.array("bytea", bodies.toArray(byte[][]::new)));
    }
}
