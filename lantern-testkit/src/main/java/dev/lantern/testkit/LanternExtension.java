package dev.lantern.testkit;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.SpawnRequest;
import dev.lantern.agent.Agent;
import dev.lantern.agent.RecordCodec;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.core.secrets.InMemorySecretStore;
import dev.lantern.journal.Journal;
import dev.lantern.run.AgentRun;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A runtime in this JVM for each test: a journal in memory, and agents as lambdas on threads, each beside a real harness.
 *
 * <pre>{@code
 * @RegisterExtension
 * final LanternExtension lantern = LanternExtension.inMemory()
 *         .agent("registry.example/triage", Ticket.class, (steps, ticket) ->
 *                 new Report(steps.step("summarise", String.class, attempt -> summary(ticket))));
 * }</pre>
 *
 * <p>The gate admits every isolation class here: a test tries the agent, not the boundary. After each test the runtime is
 * closed, and an agent that ignores its interruption fails the test. The clock is the system's. One thread at a time.
 */
public final class LanternExtension implements AfterEachCallback {
    private static final String DEFAULT_TENANT = "default";
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final Map<String, AgentUnderTest> agents = new LinkedHashMap<>();
    private final Map<SecretPlace, String> values = new LinkedHashMap<>();
    private final Supplier<? extends Journal> journal;
    private Optional<SecretStore> store = Optional.empty();
    private @Nullable InProcessSubstrate substrate;
    private @Nullable LanternRuntime runtime;

    private LanternExtension(Supplier<? extends Journal> journal) {
        this.journal = journal;
    }

    /** An extension without agents. */
    public static LanternExtension inMemory() {
        return new LanternExtension(() -> new InMemoryJournal(Instant::now, "testkit"));
    }

    /**
     * As {@link #inMemory}, on another journal. Two extensions whose journals share a database are two hosts.
     *
     * @param journal opens it for a test; it is closed with the test's runtime
     */
    public static LanternExtension on(Supplier<? extends Journal> journal) {
        return new LanternExtension(Objects.requireNonNull(journal, "journal"));
    }

    /**
     * Adds an agent.
     *
     * @param image the name of the image that specs ask for, without tag or digest
     * @param input what the agent's input is read as; {@link Payload} for its bytes. A lambda's own type is erased
     * @return this
     */
    public <I, O> LanternExtension agent(String image, Class<I> input, Agent<? super I, ? extends O> agent) {
        agents.put(
                Objects.requireNonNull(image, "image"),
                new AgentUnderTest(new RecordCodec(), input, Objects.requireNonNull(agent, "agent")));
        return this;
    }

    /**
     * Keeps a secret in memory, for runs of the tenant {@code default}, which is whose a run is unless its spawn says so.
     *
     * @param key the last part of the {@code secret_uri} by which specs name it
     * @return this
     * @throws LanternException if there is a store of the test's own
     */
    public LanternExtension secret(String key, String value) {
        return secret(DEFAULT_TENANT, key, value);
    }

    /**
     * As {@link #secret(String, String)}, for another tenant.
     *
     * @throws LanternException if there is a store of the test's own
     */
    public LanternExtension secret(String tenant, String key, String value) {
        if (store.isPresent()) {
            throw twoStores();
        }
        values.put(new SecretPlace(tenant, key), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Takes secrets from this store. It is the test's own: no runtime closes it.
     *
     * @return this
     * @throws LanternException if there are secrets in memory
     */
    public LanternExtension secrets(SecretStore store) {
        if (!values.isEmpty()) {
            throw twoStores();
        }
        this.store = Optional.of(new LentSecretStore(store));
        return this;
    }

    private static LanternException twoStores() {
        return new LanternException(
                "a runtime has one secret store, and this one was given .secret(…) and .secrets(…): put all of them into"
                        + " the store that .secrets(…) is given");
    }

    /** The test's runtime, started at the first call. */
    public LanternRuntime runtime() {
        if (runtime == null) {
            substrate = new InProcessSubstrate(agents);
            LanternRuntime.Builder builder =
                    Lantern.runtime().journal(journal.get()).substrate(substrate);
            store.or(this::inMemorySecrets).ifPresent(builder::secrets);
            runtime = builder.start();
        }
        return runtime;
    }

    private Optional<SecretStore> inMemorySecrets() {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        InMemorySecretStore kept = new InMemorySecretStore();
        values.forEach((place, value) -> kept.put(place, value.getBytes(StandardCharsets.UTF_8)));
        return Optional.of(kept);
    }

    /** Spawns on {@link #runtime}. */
    public AgentRun spawn(SpawnRequest request) {
        return request.on(runtime());
    }

    /** Closes the runtime and looks for agents that go on. */
    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    void close() {
        LanternRuntime open = runtime;
        InProcessSubstrate used = substrate;
        runtime = null;
        substrate = null;
        if (open == null || used == null) {
            return;
        }
        open.close();
        List<InstanceRef> left = used.awaitEnd(END_WITHIN);
        if (!left.isEmpty()) {
            throw new LanternException("these agents go on after their test: " + left
                    + "; an agent whose instance is stopped is interrupted and must end then");
        }
    }
}
