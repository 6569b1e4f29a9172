package dev.lantern.k8s;

import dev.lantern.k8s.LogRead.How;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Reads one container's log, as often as it takes, and tells each line once. One thread at a time. */
final class LogReader {
    private static final int BUFFER = 16 << 10;

    /** Not bound to a node yet; waiting to start, or removed by the kubelet; unknown to the kubelet or the API server. */
    private static final List<Integer> NOT_THERE = List.of(204, 400, 404);

    private final LogCursor cursor;
    private final Teller teller;
    private boolean some;

    LogReader(LogCursor cursor, Teller teller) {
        this.cursor = cursor;
        this.teller = teller;
    }

    /** Told of each line that is new. */
    @FunctionalInterface
    interface Teller {
        void tell(Instant at, String text);
    }

    /** From when on the log has to be asked for; empty for all of it. */
    Optional<Instant> since() {
        return cursor.since();
    }

    /**
     * Reads what comes.
     *
     * @param stop whether the turn is over; asked now and then, once there was something new
     */
    LogRead read(Exchange exchange, Get get, BooleanSupplier stop) {
        Outcome<TextBody> outcome = exchange.text();
        if (outcome instanceof Outcome.Told<TextBody> told) {
            try (TextBody body = told.body()) {
                return read(body, stop);
            }
        }
        if (outcome instanceof Outcome.Refused<TextBody> refused) {
            return NOT_THERE.contains(refused.code())
                    ? nothing(How.NOT_THERE, "the log is not there (" + refused.code() + ": " + refused.message() + ")")
                    : nothing(How.FAILED, Why.of(refused, get));
        }
        return nothing(How.FAILED, ((Outcome.Lost<TextBody>) outcome).why());
    }

    private LogRead read(TextBody body, BooleanSupplier stop) {
        some = false;
        cursor.begin();
        LogText text = new LogText(this::take);
        byte[] buffer = new byte[BUFFER];
        try {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                text.take(buffer, read);
                // Not before there is something new: whoever begins anew every time never gets there.
                if (some && stop.getAsBoolean()) {
                    return new LogRead(How.YIELDED, some, text.rest(), "");
                }
            }
            return new LogRead(How.ENDED, some, text.rest(), "");
        } catch (SocketTimeoutException e) {
            return new LogRead(How.QUIET, some, text.rest(), "");
        } catch (IOException e) {
            return new LogRead(How.FAILED, some, text.rest(), ApiServer.broken(e));
        }
    }

    private static LogRead nothing(How how, String why) {
        return new LogRead(how, false, Optional.empty(), why);
    }

    /** Also what stood behind the last line end, if the log ends there. */
    void take(LogText.Line line) {
        cursor.next(line.time()).ifPresent(at -> {
            some = true;
            teller.tell(at, line.text());
        });
    }
}
