package dev.lantern.k8s;

import com.google.gson.JsonObject;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Reads and changes single objects. Each call waits for its answer, and is sent again until there is one, when the API
 * server wants it or after a growing pause, but never beyond its deadline.
 *
 * <p>What is told is certain. A call that was answered with a failure of the API server or not at all may have been
 * carried out: a refusal of a later try does not undo it (a quota, for example, refuses what it counts already), and is
 * {@link Result.Unknown} like no answer.
 *
 * <p>Thread-safe. Every method throws {@link LanternException} if the thread is interrupted; nothing is known then
 * either.
 */
final class Calls {
    private static final Duration LEAST_PAUSE = Duration.ofMillis(200);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(5);

    private final ApiServer server;
    private final InstantSource clock;
    private final RandomGenerator random;

    Calls(ApiServer server, InstantSource clock, RandomGenerator random) {
        this.server = server;
        this.clock = clock;
        this.random = random;
    }

    /** Reads the object of that name; {@link Result.Gone} if there is none. */
    Result read(Get get, String name, Duration within) {
        return new Attempts(get.source(), get.rule(), false, within) {
            @Override
            Runnable send(Consumer<Outcome<JsonObject>> outcome) {
                return server.ask(get, ObjectReader::any, clock.instant(), outcome);
            }

            @Override
            Optional<Result> refused(Outcome.Refused<JsonObject> refused) {
                return refused.isMissing(name) ? Optional.of(new Result.Gone()) : Optional.empty();
            }
        }.result();
    }

    /** Carries out a change. */
    Result change(Change change, Duration within) {
        return new Attempts(change.what(), change.rule(), true, within) {
            @Override
            Runnable send(Consumer<Outcome<JsonObject>> outcome) {
                return server.ask(change, ObjectReader::any, clock.instant(), outcome);
            }

            @Override
            Optional<Result> refused(Outcome.Refused<JsonObject> refused) {
                return told(change, refused);
            }
        }.result();
    }

    private static Optional<Result> told(Change change, Outcome.Refused<JsonObject> refused) {
        if (change.kind() == Change.Kind.CREATE) {
            return refused.code() == 409 && refused.reason().equals("AlreadyExists")
                    ? Optional.of(new Result.AlreadyThere())
                    : Optional.empty();
        }
        if (refused.isMissing(change.name())) {
            return Optional.of(new Result.Gone());
        }
        return refused.code() == 409 ? Optional.of(new Result.Conflict(refused.message())) : Optional.empty();
    }

    /** One call, as often as it takes. One thread; the client's own only hand over what came. */
    private abstract class Attempts {
        private final String what;
        private final Rule rule;
        private final boolean changes;
        private final Duration within;
        private final long end;
        private final BackOff pauses = new BackOff(LEAST_PAUSE, MOST_PAUSE, random);
        /** Whether an earlier try may have been carried out. */
        private boolean doubtful;

        Attempts(String what, Rule rule, boolean changes, Duration within) {
            this.what = what;
            this.rule = rule;
            this.changes = changes;
            this.within = within;
            this.end = System.nanoTime() + within.toNanos();
        }

        /** Sends it and returns at once what takes it back. */
        abstract Runnable send(Consumer<Outcome<JsonObject>> outcome);

        /** What this refusal means to this call; empty if it is a refusal and nothing else. */
        abstract Optional<Result> refused(Outcome.Refused<JsonObject> refused);

        final Result result() {
            try {
                while (true) {
                    Optional<Outcome<JsonObject>> came = tried();
                    if (came.isEmpty()) {
                        return new Result.Unknown(what + ": no answer within " + within.toMillis()
                                + " ms; see whether the API server is healthy and can be reached from this host");
                    }
                    Optional<Duration> pause = again(came.get());
                    if (pause.isEmpty() || pause.get().toNanos() >= left()) {
                        return result(came.get());
                    }
                    rest(pause.get());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LanternException(
                        what + " at the API server " + server.address()
                                + ": gave up, the thread was interrupted; whether it was carried out is not known",
                        e);
            }
        }

        private Optional<Outcome<JsonObject>> tried() throws InterruptedException {
            CompletableFuture<Outcome<JsonObject>> arrival = new CompletableFuture<>();
            Runnable takeBack = send(arrival::complete);
            try {
                return Optional.of(arrival.get(Math.max(left(), 0), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("an outcome is never an exception", e);
            } finally {
                takeBack.run();
            }
        }

        /** When to try again; empty if this is the answer. */
        private Optional<Duration> again(Outcome<JsonObject> came) {
            if (came instanceof Outcome.Told) {
                return Optional.empty();
            }
            if (came instanceof Outcome.Refused<JsonObject> refused) {
                // Two creations that count against one quota at once: one of them is 409, and nothing came of it.
                boolean crossed = refused.code() == 409 && refused.reason().equals("Conflict");
                if (refused(refused).isPresent() || !crossed && !refused.mayPass()) {
                    return Optional.empty();
                }
                doubtful |= refused.code() >= 500;
                Duration pause = pauses.next();
                return Optional.of(refused.retryAfter()
                        .filter(wanted -> wanted.compareTo(pause) > 0)
                        .orElse(pause));
            }
            doubtful = true;
            return Optional.of(pauses.next());
        }

        private Result result(Outcome<JsonObject> came) {
            if (came instanceof Outcome.Told<JsonObject> told) {
                return new Done(told.body());
            }
            if (came instanceof Outcome.Refused<JsonObject> refused) {
                return refused(refused).orElseGet(() -> sentence(refused));
            }
            return new Result.Unknown(what + ": " + ((Outcome.Lost<JsonObject>) came).why());
        }

        private Result sentence(Outcome.Refused<JsonObject> refused) {
            String why = what + ": " + Why.ofCall(refused, rule);
            if (refused.code() >= 500) {
                return new Result.Unknown(why);
            }
            return changes && doubtful
                    ? new Result.Unknown(why + "; a try before this one may have been carried out")
                    : new Result.Refused(refused.code(), why);
        }

        private void rest(Duration pause) throws InterruptedException {
            boolean never = new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
            if (never) {
                throw new IllegalStateException("nobody counts this down");
            }
        }

        private long left() {
            return end - System.nanoTime();
        }
    }
}
