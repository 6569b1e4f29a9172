package dev.lantern;

import dev.lantern.spec.AgentSpec;

/**
 * Where a host application begins.
 *
 * <pre>{@code
 * try (LanternRuntime runtime = Lantern.open()) {
 *     AgentRun run = Lantern.spawn(AgentSpec.load(Path.of("agent.yaml")))
 *             .runId("ticket-4711")
 *             .input(new Ticket("4711", "login fails"))
 *             .on(runtime);
 *     RunResult result = run.await();
 * }
 * }</pre>
 */
public final class Lantern {
    private Lantern() {}

    /** Describes a spawn. Nothing happens before {@link SpawnRequest#on}. */
    public static SpawnRequest spawn(AgentSpec spec) {
        return SpawnRequest.of(spec);
    }

    /**
     * Assembles a runtime.
     *
     * @throws dev.lantern.value.LanternException if {@code lantern-core} is not on the class or module path
     */
    public static LanternRuntime.Builder runtime() {
        return RuntimeProvider.installed().builder();
    }

    /**
     * Opens the runtime of a laptop: a journal in the directory {@code .lantern} under the working directory, and
     * agents as local processes. It needs {@code lantern-journal-jdbc} and H2 beside {@code lantern-core}.
     *
     * <p>Runs that an earlier process left unfinished are taken up again at once.
     *
     * @throws dev.lantern.value.LanternException if a part is missing, or another process has the directory open
     */
    public static LanternRuntime open() {
        return RuntimeProvider.installed().embedded();
    }
}
