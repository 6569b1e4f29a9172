package dev.lantern.journal.jdbc;

import dev.lantern.journal.Event;
import dev.lantern.journal.Head;
import dev.lantern.journal.HostLease;
import dev.lantern.journal.RunRow;
import dev.lantern.run.Retained;
import dev.lantern.run.RunStatus;
import dev.lantern.value.Digest;
import dev.lantern.value.RunRef;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;

/** Rows of the schema as values of the journal. */
final class Rows {
    /** The columns that {@link #run} reads, of {@code lantern_run r} and {@code lantern_head h}. */
    static final String RUN = "r.tenant, r.run, h.run_key, h.host, h.epoch, h.seq, h.hash, h.status, r.retained";

    private Rows() {}

    static RunRow run(ResultSet rows) throws SQLException {
        return new RunRow(
                new RunRef(rows.getString(1), rows.getString(2)),
                rows.getLong(3),
                host(rows, 4),
                rows.getInt(5),
                new Head(rows.getLong(6), digest(rows, 7)),
                RunStatus.valueOf(rows.getString(8)),
                Retained.valueOf(rows.getString(9)));
    }

    /** Reads {@code seq, bytes, hash, salts} and {@link Dialect#bodies}. */
    static Event event(ResultSet rows) throws SQLException {
        byte[] salts = rows.getBytes(4);
        byte[] small = rows.getBytes(5);
        byte[] body = small == null && rows.getMetaData().getColumnCount() > 5 ? rows.getBytes(6) : small;
        Optional<Event.Erasable> erasable =
                salts == null || body == null ? Optional.empty() : Optional.of(new Event.Erasable(salts, body));
        return new Event(rows.getLong(1), rows.getBytes(2), digest(rows, 3), erasable);
    }

    /** Reads {@code host, renewed_at, lease_until, taken}. */
    static HostLease lease(ResultSet rows) throws SQLException {
        return new HostLease(
                rows.getLong(1),
                rows.getObject(2, OffsetDateTime.class).toInstant(),
                rows.getObject(3, OffsetDateTime.class).toInstant(),
                rows.getLong(4));
    }

    /** As databases take it. */
    static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** A released run bears the negative number of who released it, and has no owner. */
    static OptionalLong host(ResultSet rows, int column) throws SQLException {
        long host = rows.getLong(column);
        return rows.wasNull() || host < 0 ? OptionalLong.empty() : OptionalLong.of(host);
    }

    static Digest digest(ResultSet rows, int column) throws SQLException {
        return Digest.ofBytes(rows.getBytes(column));
    }
}
