package dev.lantern.journal.jdbc;

import dev.lantern.value.LanternException;
import java.sql.SQLException;
import java.util.Optional;

/** What went wrong in a database, without what it says about the values of rows. */
final class Failures {
    private Failures() {}

    /** During a call: databases quote values in their messages, so only codes and places are passed on. */
    static LanternException during(Deadline deadline, SQLException failure) {
        if (Thread.currentThread().isInterrupted()) {
            return deadline.interrupted(withoutValues(failure));
        }
        Optional<String> refusal = PostgresGuard.refusal(failure);
        if (refusal.isPresent()) {
            return new LanternException(deadline.attempt() + ": " + refusal.get(), withoutValues(failure));
        }
        String why = deadline.remainingNanos() <= 0 ? "its time has passed and " : "";
        return new LanternException(
                deadline.attempt() + ": " + why + "the database answered with SQLSTATE " + failure.getSQLState()
                        + ", code " + failure.getErrorCode()
                        + "; whether it took effect is not known, look at the rows before trying again",
                withoutValues(failure));
    }

    /** While opening: no row is touched yet, so the database's own words help. */
    static LanternException opening(String attempt, SQLException failure) {
        return new LanternException(
                attempt + ": " + PostgresGuard.refusal(failure).orElse(failure.getMessage()), failure);
    }

    private static SQLException withoutValues(SQLException failure) {
        SQLException clean =
                new SQLException(failure.getClass().getSimpleName(), failure.getSQLState(), failure.getErrorCode());
        clean.setStackTrace(failure.getStackTrace());
        return clean;
    }
}
