package dev.lantern.k8s;

import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Several questions at once, until each has been answered or their common time is over: one that hangs costs no other
 * its answer. A request that fails in passing (429 and 5xx) is put once more, when the API server wants it. One thread;
 * the client's own only hand over what came.
 */
final class Round {
    /** Before the second try, if the API server does not say. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ApiServer server;
    private final InstantSource clock;
    private final Duration within;
    private final long end;
    private final BlockingQueue<Runnable> arrivals = new LinkedBlockingQueue<>();
    private final List<Asking<?>> open = new ArrayList<>();

    Round(ApiServer server, InstantSource clock, Duration within) {
        this.server = server;
        this.clock = clock;
        this.within = within;
        this.end = System.nanoTime() + within.toNanos();
    }

    /** Puts the question and returns at once. */
    <R> void ask(Question<R> question) {
        Asking<R> asking = new Asking<>(question);
        open.add(asking);
        asking.send();
    }

    /**
     * Returns when every question has been settled.
     *
     * @throws LanternException if the thread is interrupted; every request is then taken back
     */
    void await() {
        try {
            while (!open.isEmpty() && left() > 0) {
                @Nullable Runnable arrival = arrivals.poll(untilNext(), TimeUnit.NANOSECONDS);
                if (arrival != null) {
                    arrival.run();
                }
                new ArrayList<>(open).forEach(Asking::sendIfDue);
            }
            new ArrayList<>(open).forEach(Asking::giveUp);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException(
                    "asking the API server " + server.address() + ": gave up, the thread was interrupted", e);
        } finally {
            open.forEach(Asking::takeBack);
        }
    }

    private long left() {
        return end - System.nanoTime();
    }

    private long untilNext() {
        long next = left();
        for (Asking<?> asking : open) {
            next = Math.min(next, asking.untilDue());
        }
        return Math.max(next, 0);
    }

    /** One question on its way. */
    private final class Asking<R> {
        private final Question<R> question;
        private Get get;
        private boolean secondTry;
        private @Nullable Long due;
        private Instant askedAt;
        private Runnable cancel = () -> {};

        Asking(Question<R> question) {
            this.question = question;
            this.get = question.first();
            this.askedAt = clock.instant();
        }

        void send() {
            due = null;
            askedAt = clock.instant();
            cancel = server.ask(get, question.reader(), askedAt, outcome -> arrivals.add(() -> arrived(outcome)));
        }

        long untilDue() {
            return due == null ? Long.MAX_VALUE : due - System.nanoTime();
        }

        void sendIfDue() {
            if (due != null && untilDue() <= 0) {
                send();
            }
        }

        void giveUp() {
            takeBack();
            settle(new Outcome.Lost<>(
                    "no answer within " + within.toMillis()
                            + " ms; see whether the API server is healthy and can be reached from this host",
                    askedAt));
        }

        void takeBack() {
            cancel.run();
        }

        private void arrived(Outcome<R> outcome) {
            if (outcome instanceof Outcome.Refused<R> refused && refused.mayPass() && !secondTry) {
                Duration pause = refused.retryAfter().orElse(PAUSE);
                if (pause.toNanos() < left()) {
                    secondTry = true;
                    due = System.nanoTime() + pause.toNanos();
                    return;
                }
            }
            settle(outcome);
        }

        private void settle(Outcome<R> outcome) {
            Optional<Get> next = question.next(outcome);
            if (next.isEmpty()) {
                open.remove(this);
                return;
            }
            get = next.get();
            secondTry = false;
            send();
        }
    }
}
