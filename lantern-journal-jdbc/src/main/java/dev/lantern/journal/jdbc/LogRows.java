package dev.lantern.journal.jdbc;

import dev.lantern.logs.CleanText;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogLine;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the log's tables. A chunk is lines of {@code <time> <epoch> <stream> <text>\n}, the last of which has the
 * chunk's number and each one before it one less. Texts are clean before they get here, so a newline ends a line.
 */
final class LogRows {
    /** A longer chunk is not begun; the longest line fits behind it. */
    static final int CHUNK_BYTES = 256 * 1024;

    private static final String SECONDS = "cast(extract(epoch from current_timestamp) as bigint)";

    /**
     * Numbers begin with the microsecond, so that those of a log that was dropped by its age are never given out again:
     * nobody writes more than a line in each.
     */
    static final String NAME = "insert into lantern_log (tenant, run, last_line, bytes, written_at)"
            + " values (?, ?, cast(extract(epoch from current_timestamp) * 1000000 as bigint), 0, " + SECONDS + ")";

    private static final int CHUNKS_AT_ONCE = 16;
    /** Each time that it takes another one, somebody else has deleted the run's lines. */
    private static final int MOST_NAMINGS = 100;

    private LogRows() {}

    /** A run's log, as long as this transaction holds it. */
    record Log(long key, long lastLine, long bytes) {}

    static Log lock(Session session, Dialect dialect, RunRef run) throws SQLException {
        for (int i = 0; i < MOST_NAMINGS; i++) {
            List<Log> found = find(session, run);
            if (!found.isEmpty()) {
                return found.get(0);
            }
            // It may be there when it is named, and be deleted by somebody else before it is locked.
            dialect.nameLog(session, run);
        }
        throw new SQLException("a log that is made again and again is gone each time", "40001");
    }

    /** The key of a run's log, held by this transaction; empty if the run has none. */
    static List<Long> lockIfThere(Session session, RunRef run) throws SQLException {
        return find(session, run).stream().map(Log::key).toList();
    }

    private static List<Log> find(Session session, RunRef run) throws SQLException {
        return session.list(
                "select log_key, last_line, bytes from lantern_log where tenant = ? and run = ? for update",
                rows -> new Log(rows.getLong(1), rows.getLong(2), rows.getLong(3)),
                run.tenant(),
                run.run());
    }

    /** Writes chunks behind a log that is locked, and gives the log as it is then. */
    static Log append(Session session, Log log, List<LogEntry> lines) throws SQLException {
        PreparedStatement insert =
                session.prepare("insert into lantern_log_chunk (log_key, last_line, bytes, body) values (?, ?, ?, ?)");
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        long number = log.lastLine;
        long bytes = log.bytes;
        for (LogEntry line : lines) {
            byte[] next = bytes(line);
            if (chunk.size() + next.length > CHUNK_BYTES && chunk.size() > 0) {
                bytes += add(insert, log.key, number, chunk);
            }
            chunk.writeBytes(next);
            number++;
        }
        bytes += add(insert, log.key, number, chunk);
        insert.executeBatch();
        session.update(
                "update lantern_log set last_line = ?, bytes = ?, written_at = " + SECONDS + " where log_key = ?",
                number,
                bytes,
                log.key);
        return new Log(log.key, number, bytes);
    }

    private static int add(PreparedStatement insert, long key, long lastLine, ByteArrayOutputStream chunk)
            throws SQLException {
        int bytes = chunk.size();
        insert.setLong(1, key);
        insert.setLong(2, lastLine);
        insert.setInt(3, bytes);
        insert.setBytes(4, chunk.toByteArray());
        insert.addBatch();
        chunk.reset();
        return bytes;
    }

    /** Drops the oldest chunks of a log that is locked until it takes at most {@code most}. */
    static void trim(Session session, Log log, long most) throws SQLException {
        long boundary = session.one(
                        "select max(last_line) from (select last_line, sum(bytes) over (order by last_line desc) as kept"
                                + " from lantern_log_chunk where log_key = ?) c where kept > ?",
                        rows -> rows.getLong(1),
                        log.key,
                        most)
                .orElse(0L);
        session.update("delete from lantern_log_chunk where log_key = ? and last_line <= ?", log.key, boundary);
        session.update(
                "update lantern_log set bytes = (select coalesce(sum(bytes), 0) from lantern_log_chunk"
                        + " where log_key = ?) where log_key = ?",
                log.key,
                log.key);
    }

    static List<LogLine> read(Session session, RunRef run, long after, int max) throws SQLException {
        List<LogLine> found = new ArrayList<>();
        long behind = after;
        while (found.size() < max) {
            List<Chunk> chunks = session.list(
                    "select c.last_line, c.body from lantern_log l join lantern_log_chunk c on c.log_key = l.log_key"
                            + " where l.tenant = ? and l.run = ? and c.last_line > ?"
                            + " order by c.last_line fetch first " + CHUNKS_AT_ONCE + " rows only",
                    LogRows::chunk,
                    run.tenant(),
                    run.run(),
                    behind);
            for (Chunk chunk : chunks) {
                chunk.addTo(found, behind, max);
                behind = chunk.lastLine;
            }
            if (chunks.size() < CHUNKS_AT_ONCE) {
                break;
            }
        }
        return found;
    }

    /** Runs whose last line is older, at most {@code max}, none that somebody is writing to. */
    static List<Long> older(Session session, long seconds, int max) throws SQLException {
        return session.list(
                "select log_key from lantern_log where written_at < " + SECONDS + " - ? order by log_key"
                        + " fetch first ? rows only for update skip locked",
                rows -> rows.getLong(1),
                seconds,
                max);
    }

    /** The runs written to longest ago, of those that take more than {@code most} together, at most {@code max}. */
    static List<Long> beyond(Session session, long most, int max) throws SQLException {
        List<Long> keys = session.list(
                "select log_key from (select log_key, sum(bytes) over (order by written_at desc, log_key desc) as kept"
                        + " from lantern_log) l where kept > ? order by kept desc fetch first ? rows only",
                rows -> rows.getLong(1),
                most,
                max);
        List<Long> locked = new ArrayList<>();
        for (long key : keys) {
            locked.addAll(session.list(
                    "select log_key from lantern_log where log_key = ? for update skip locked",
                    rows -> rows.getLong(1),
                    key));
        }
        return locked;
    }

    /** Drops logs that are locked. */
    static void drop(Session session, List<Long> keys) throws SQLException {
        for (long key : keys) {
            session.update("delete from lantern_log_chunk where log_key = ?", key);
            session.update("delete from lantern_log where log_key = ?", key);
        }
    }

    private static Chunk chunk(ResultSet rows) throws SQLException {
        return new Chunk(rows.getLong(1), rows.getBytes(2));
    }

    private record Chunk(long lastLine, byte[] body) {

        void addTo(List<LogLine> found, long after, int max) {
            String[] lines = new String(body, StandardCharsets.UTF_8).split("\n", -1);
            // Behind the last newline stands nothing.
            int count = lines.length - 1;
            for (int i = 0; i < count && found.size() < max; i++) {
                long number = lastLine - count + 1 + i;
                if (number > after) {
                    found.add(line(number, lines[i]));
                }
            }
        }
    }

    private static byte[] bytes(LogEntry line) {
        String stream = line.stream().replaceAll("[^A-Za-z0-9_-]", "_");
        String text = CleanText.of(line.text());
        return (line.time() + " " + line.instance().epoch() + " " + stream + " " + text + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static LogLine line(long number, String line) {
        String[] parts = line.split(" ", 4);
        try {
            return new LogLine(
                    Long.toString(number), Instant.parse(parts[0]), Integer.parseInt(parts[1]), parts[2], parts[3]);
        } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new LanternException(
                    "log line " + number + " is none of ours: a row of lantern_log_chunk was changed", e);
        }
    }
}
