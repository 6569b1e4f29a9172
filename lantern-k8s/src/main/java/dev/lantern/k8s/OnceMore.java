package dev.lantern.k8s;

import dev.lantern.gate.Evidence;
import dev.lantern.gate.Violation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.Verified;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Compares a bound pod anew: with what was admitted, or, where another host has let it go, with what follows from its Job.
 * Nothing is taken from memory. Thread-safe.
 */
final class OnceMore {
    private final ApiServer server;
    private final PodReader pods;
    private final Recheck recheck;
    private final Supplier<Instant> clock;

    OnceMore(ApiServer server, PodReader pods, Recheck recheck, Supplier<Instant> clock) {
        this.server = server;
        this.pods = pods;
        this.recheck = recheck;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param verified what was seen; empty if there are violations
     */
    record Result(Optional<Verified> verified, List<Violation> violations) {
        Result {
            violations = List.copyOf(violations);
        }

        private static Result of(Verified verified) {
            return new Result(Optional.of(verified), List.of());
        }

        private static Result of(List<Violation> violations) {
            return new Result(Optional.empty(), violations);
        }
    }

    /**
     * Asks and waits.
     *
     * @param expected what was admitted, if this host knows it
     * @throws LanternException if it cannot be told within this time
     */
    Result compare(InstanceRef instance, Optional<Expectation> expected, PodGlimpse bound, Duration within) {
        return expected.isPresent()
                ? compare(instance, expected.get(), bound, within)
                : compare(instance, bound, within);
    }

    private Result compare(InstanceRef instance, Expectation expected, PodGlimpse bound, Duration within) {
        CompletableFuture<Recheck.Finding> answer = new CompletableFuture<>();
        recheck.ask(expected, bound, answer::complete);
        Recheck.Finding finding = await(instance, answer, within);
        if (finding instanceof Recheck.Finding.Untold untold) {
            throw new LanternException(
                    "instance " + instance + " cannot be compared with what was admitted: " + untold.why());
        }
        return finding instanceof Recheck.Finding.Failed failed
                ? Result.of(failed.violations())
                : Result.of(((Recheck.Finding.Passed) finding).verified());
    }

    private Result compare(InstanceRef instance, PodGlimpse bound, Duration within) {
        CompletableFuture<Outcome<PodTrace>> answer = new CompletableFuture<>();
        Instant askedAt = clock.get();
        read(bound, askedAt, answer::complete);
        if (!(await(instance, answer, within) instanceof Outcome.Told<PodTrace> told)
                || !told.body().glimpse().uid().equals(bound.uid())
                || !told.body().compared()) {
            throw new LanternException("instance " + instance
                    + ", which another host has let go, cannot be compared with what follows from its Job now");
        }
        if (!told.body().differences().isEmpty()) {
            return Result.of(told.body().differences().stream()
                    .map(difference -> Judge.violation(difference, bound.namespace()))
                    .toList());
        }
        Evidence evidence = new Evidence(
                Verified.NODE,
                "pod " + bound.name() + " is what follows from its Job, bound to node "
                        + bound.node().orElse(""),
                "GET pod " + bound.namespace() + "/" + bound.name(),
                askedAt);
        return Result.of(new Verified(Verified.NODE, Optional.empty(), Optional.of(bound.id()), List.of(evidence)));
    }

    /** Reads a pod and compares it; told once, in a thread of the client's. */
    void read(PodGlimpse bound, Instant askedAt, Consumer<Outcome<PodTrace>> told) {
        server.ask(
                Get.of(
                        "/api/v1/namespaces/" + bound.namespace() + "/pods/" + bound.name(),
                        Rule.namespace(bound.namespace(), "", "pods", "get")),
                (body, room) -> pods.read(
                        new View(ObjectReader.of("v1", "Pod", bound.name()).read(body, room), "Pod " + bound.name())),
                askedAt,
                told);
    }

    private static <T> T await(InstanceRef instance, CompletableFuture<T> answer, Duration within) {
        try {
            return answer.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException("comparing instance " + instance + " was interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new LanternException(
                    "instance " + instance + " could not be compared within " + within.toMillis() + " ms", e);
        }
    }
}
