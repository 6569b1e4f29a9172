package dev.lantern.testkit;

import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.value.LanternException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs agents as threads of this JVM, each beside a real harness that calls the host without sockets. It says that
 * every boundary is there: a test tries the agent, not the gate. Thread-safe.
 */
final class InProcessSubstrate implements Substrate, NeedsGateway {
    private static final int MOST_INSTANCES = 256;

    private final Map<String, AgentUnderTest> agents;
    private final SystemClockwork clockwork;
    private final Semaphore room = new Semaphore(MOST_INSTANCES);
    private final Map<InstanceRef, InProcessInstance> standing = new TreeMap<>();
    private @Nullable SubstrateListener listener;
    private @Nullable GatewayDoor door;

    /** @param agents by the names of their images */
    InProcessSubstrate(Map<String, AgentUnderTest> agents) {
        this.agents = new LinkedHashMap<>(agents);
        this.clockwork = SystemClockwork.start(Throwable::printStackTrace);
    }

    @Override
    public String name() {
        return "threads of this JVM";
    }

    @Override
    public Facts facts(String tenant, Duration within) {
        List<HostFacts.Handler> all = Arrays.stream(HandlerKind.values())
                .filter(kind -> kind != HandlerKind.PROCESS)
                .map(kind -> new HostFacts.Handler(kind, "the testkit says so"))
                .toList();
        return new HostFacts(name(), SystemInstants.source().instant(), all, List.of());
    }

    @Override
    public synchronized void gateway(GatewayDoor opened, String address) {
        door = opened;
    }

    @Override
    public synchronized void open(SubstrateHost host) {
        listener = host.listener();
    }

    @Override
    public synchronized void start(InstanceStart start, Duration within) {
        if (standing.containsKey(start.instance())) {
            return;
        }
        AgentUnderTest agent = agents.get(start.spec().image().name());
        if (agent == null) {
            throw new LanternException(
                    "there is no agent for image " + start.spec().image().name() + "; this extension has "
                            + agents.keySet() + ": name it with .agent(image, input, agent)");
        }
        if (door == null) {
            throw new LanternException("this substrate was not given to a runtime");
        }
        if (!room.tryAcquire()) {
            throw new LanternException(MOST_INSTANCES + " agents run in this JVM already; no more are started");
        }
        InProcessInstance instance = new InProcessInstance(start, agent, door, clockwork, this::ended);
        standing.put(start.instance(), instance);
        instance.start();
    }

    private void ended(InstanceRef instance, InstanceEnd end) {
        SubstrateListener told;
        synchronized (this) {
            if (standing.remove(instance) == null) {
                return;
            }
            room.release();
            told = listener;
        }
        if (told != null) {
            told.ended(instance, end);
        }
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        Optional<InProcessInstance> found = find(instance);
        if (found.isPresent() && !found.get().stop(grace, within)) {
            throw new LanternException("the agent of " + instance + " ignores its interruption; a thread cannot be"
                    + " killed, so it stands until it ends by itself");
        }
        return true;
    }

    private synchronized Optional<InProcessInstance> find(InstanceRef instance) {
        return Optional.ofNullable(standing.get(instance));
    }

    @Override
    public synchronized List<InstanceRef> standing(Duration within) {
        return List.copyOf(standing.keySet());
    }

    /** Everything here ends with the host: agents are interrupted, and nothing that they still call is answered. */
    @Override
    public void close() {
        List<InProcessInstance> left;
        synchronized (this) {
            left = List.copyOf(standing.values());
            listener = null;
        }
        left.forEach(InProcessInstance::abandon);
        clockwork.close();
    }

    /** The agents that have not ended by {@code within}, for whoever looks for leaks. */
    List<InstanceRef> awaitEnd(Duration within) {
        List<InProcessInstance> left;
        synchronized (this) {
            left = List.copyOf(standing.values());
        }
        return left.stream()
                .filter(instance -> !instance.join(within))
                .map(InProcessInstance::ref)
                .toList();
    }
}
