package dev.lantern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.SpawnRequest;
import dev.lantern.agent.Agent;
import dev.lantern.agent.RecordCodec;
import dev.lantern.core.format.ChainVerifier;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.AgentRun;
import dev.lantern.run.ChainVerdict;
import dev.lantern.run.RunResult;
import dev.lantern.secrets.SecretStore;
import dev.lantern.value.LanternException;
import dev.lantern.value.RunRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A runtime whose host dies at one write, and the one that takes over. Given to methods under {@link CrashTest}; one thread
 * at a time.
 */
public final class Crashes {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration RESULT_WITHIN = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final CrashPoint point;
    private final Map<String, AgentUnderTest> agents = new LinkedHashMap<>();
    private volatile Duration ahead = Duration.ZERO;
    private final InMemoryJournal journal =
            new InMemoryJournal(() -> Instant.now().plus(ahead), "crash test");
    private final MortalJournal mortal;
    private Optional<LentSecretStore> secrets = Optional.empty();
    private @Nullable LanternRuntime runtime;

    Crashes(CrashPoint point) {
        this.point = point;
        this.mortal = new MortalJournal(journal, point);
    }

    /** As {@link LanternExtension#agent}. */
    public <I, O> Crashes agent(String image, Class<I> input, Agent<? super I, ? extends O> agent) {
        agents.put(
                Objects.requireNonNull(image, "image"),
                new AgentUnderTest(new RecordCodec(), input, Objects.requireNonNull(agent, "agent")));
        return this;
    }

    /**
     * Takes secrets from this store, on every host. It is the test's own and outlives them. What it issues must not be in
     * the journal, and each dynamic secret that the journal tells of must have been revoked when the run has ended.
     *
     * @return this
     */
    public Crashes secrets(SecretStore store) {
        secrets = Optional.of(new LentSecretStore(store));
        return this;
    }

    /**
     * Spawns and waits until the run has ended, on one host or, when that dies, on two. The run's chain is verified.
     *
     * @param request names its run id, under which it is spawned again when its spawner dies
     * @throws LanternException if there is no result in time
     */
    public RunResult result(SpawnRequest request) throws InterruptedException {
        if (request.runId().isEmpty()) {
            throw new LanternException("a crash test spawns under a run id, so that the spawn can be repeated: call"
                    + " .runId(…) on the request");
        }
        RunResult result = firstHost(request).orElse(null);
        if (result == null) {
            result = secondHost(request);
        }
        verify(request);
        return result;
    }

    /** Where this run's host dies, for messages; {@code clean} if it lives. */
    @Override
    public String toString() {
        return point.toString();
    }

    /** Whether the scenario was still under way when its host was to die. */
    boolean killed() {
        return mortal.dead();
    }

    void close() {
        stop();
        journal.close();
    }

    private Optional<RunResult> firstHost(SpawnRequest request) throws InterruptedException {
        CompletableFuture<RunResult> result = new CompletableFuture<>();
        LanternRuntime first = start(mortal);
        Thread user = new Thread(() -> complete(result, request, first), "user of the first host");
        user.setDaemon(true);
        user.start();
        try {
            CompletableFuture.anyOf(result, mortal.death()).get(RESULT_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!mortal.dead()) {
                throw new LanternException("the scenario failed (" + point + ")", e.getCause());
            }
        } catch (TimeoutException e) {
            throw new LanternException("there was no result within " + RESULT_WITHIN + " (" + point + ")", e);
        }
        boolean survived = !mortal.dead();
        user.interrupt();
        stop();
        return survived ? Optional.of(result.join()) : Optional.empty();
    }

    private static void complete(CompletableFuture<RunResult> result, SpawnRequest request, LanternRuntime runtime) {
        try {
            result.complete(ended(request.on(runtime)));
        } catch (InterruptedException | RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private RunResult secondHost(SpawnRequest request) throws InterruptedException {
        // The dead host's lease lapses without a wait.
        ahead = LEASE.plusMillis(1);
        return ended(request.on(start(journal)));
    }

    private static RunResult ended(AgentRun run) throws InterruptedException {
        RunResult result = run.await(RESULT_WITHIN)
                .orElseThrow(() -> new LanternException("run " + run.ref() + " has no result after " + RESULT_WITHIN
                        + "; its journal: " + run.events()));
        try {
            run.onEnd().get(RESULT_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new LanternException("run " + run.ref() + " has a result and does not end", e);
        }
        return result;
    }

    private void verify(SpawnRequest request) {
        RunRef ref = new RunRef(request.tenant(), request.runId().orElseThrow());
        RunRow row = journal.find(ref, SOON).orElseThrow();
        List<Event> events = journal.read(row.key(), 0, Integer.MAX_VALUE, SOON);
        ChainVerifier verifier = ChainVerifier.endingAt(ref, row.head());
        events.forEach(verifier::add);
        assertThat(verifier.verdict()).as("chain of %s (%s)", ref, point).isInstanceOf(ChainVerdict.Intact.class);
        assertThat(row.status().terminal()).as("%s has ended (%s)", ref, point).isTrue();
        secrets.ifPresent(store -> verify(ref, events, store));
    }

    private void verify(RunRef run, List<Event> events, LentSecretStore store) {
        StringBuilder chain = new StringBuilder();
        for (Event event : events) {
            chain.append(text(event.bytes()));
            event.erasable().ifPresent(erasable -> chain.append(text(erasable.body())));
        }
        assertThat(store.values().stream().noneMatch(value -> holds(chain, value)))
                .as("no secret is in the journal of %s (%s)", run, point)
                .isTrue();
        assertThat(store.open())
                .as("dynamic secrets that the journal of %s tells of and nobody revoked (%s)", run, point)
                .noneMatch(handle -> chain.indexOf(handle) >= 0);
    }

    private static boolean holds(StringBuilder chain, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
        return chain.indexOf(value) >= 0 || chain.indexOf(base64) >= 0;
    }

    /** One character for each byte, so that nothing is lost to an encoding. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private LanternRuntime start(Journal on) {
        LanternRuntime.Builder builder = Lantern.runtime()
                .journal(on)
                .substrate(new InProcessSubstrate(agents))
                .lease(LEASE);
        secrets.ifPresent(builder::secrets);
        LanternRuntime started = builder.start();
        runtime = started;
        return started;
    }

    private void stop() {
        LanternRuntime open = runtime;
        runtime = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (LanternException e) {
            if (!mortal.dead()) {
                throw e;
            }
            // A dead host cannot say good-bye.
        }
    }
}
