package dev.lantern.testkit;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.SpawnRequest;
import dev.lantern.agent.Agent;
import dev.lantern.agent.RecordCodec;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.journal.Journal;
import dev.lantern.run.AgentRun;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final Map<String, AgentUnderTest> agents = new LinkedHashMap<>();
    private final Supplier<? extends Journal> journal;
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

    /** The test's runtime, started at the first call. */
    public LanternRuntime runtime() {
        if (runtime == null) {
            substrate = new InProcessSubstrate(agents);
            runtime = Lantern.runtime()
                    .journal(journal.get())
                    .substrate(substrate)
                    .start();
        }
        return runtime;
    }

    /** Spawns on {@link #runtime}. */
    public AgentRun spawn(SpawnRequest request) {
        return request.on(runtime());
    }

    /** Closes the runtime and looks for agents that go on. */
    @Override
    public void afterEach(ExtensionContext context) {
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
