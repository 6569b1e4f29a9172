package dev.lantern.journal.jdbc;

import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The condition in every statement that writes: it fails the statement where the session's settings would break the
 * journal's promises. Settings travel with pooled sessions, so they are looked at each time and not once.
 */
final class PostgresGuard {
    /** As a condition; evaluated once, before anything is locked. Parameter: how many milliseconds to wait for locks. */
    static final String SQL = "(select lantern_guard(?))";

    private static final String ISOLATION = "LN001";
    private static final String SYNC = "LN002";
    private static final Pattern FOUND = Pattern.compile("lantern\\((.*?)\\)");

    private PostgresGuard() {}

    /** What the guard found, what is allowed and what to do; empty for other failures. */
    static Optional<String> refusal(SQLException failure) {
        if (ISOLATION.equals(failure.getSQLState())) {
            return Optional.of("this session's transactions are " + found(failure)
                    + ", where a rival's commit fails a whole group instead of one append; only read committed is"
                    + " allowed. Nothing was written. Remove the level from the pool, or default_transaction_isolation"
                    + " from role, database and server");
        }
        if (SYNC.equals(failure.getSQLState())) {
            return Optional.of("this session has synchronous_commit = " + found(failure)
                    + " and would acknowledge commits that are not on disk; any other value is allowed. Nothing was"
                    + " written. Remove the setting from role, database and server, or find who leaves it behind in"
                    + " pooled sessions");
        }
        return Optional.empty();
    }

    private static String found(SQLException failure) {
        Matcher found = FOUND.matcher(String.valueOf(failure.getMessage()));
        return found.find() ? found.group(1) : "other than allowed";
    }
}
