package dev.lantern.core.local;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.agent.clockwork.SystemClockwork;
import dev.lantern.agent.harness.loopback.LoopbackServer;
import dev.lantern.core.gateway.GatewayDoor;
import dev.lantern.core.gateway.NeedsGateway;
import dev.lantern.core.turns.SystemInstants;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.HostFacts;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.substrate.SubstrateListener;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@code spec.command} as plain processes of the host's user, for {@code trusted} agents alone.
 *
 * <p>There is no boundary: an agent can do what the host's user can. Images are not pulled, and limits, network
 * rules and secrets are not enforced; the gate says so in the run's evidence.
 *
 * <p>Every agent has a session of its own and a fresh working directory that is removed with it. Its environment
 * holds what the spec says, {@code LANTERN_URL}, {@code LANTERN_INPUT_FILE}, {@code LANTERN_RESULT_FILE}, and
 * {@code PATH}, {@code HOME}, {@code TMPDIR}, {@code LANG}; nothing of the host's environment. Its standard input
 * is empty, what it writes goes to the run's log. When it exits, what it left running is killed, as a pod's end
 * would; if it exited with 0 and left a result file, that is delivered before the exit is told. Exit codes from
 * 128 up are signals, as in a shell.
 *
 * <p>No agent outlives its host, whatever kills the host: a watcher, a small shell script, ends the session when
 * the host is gone. If somebody kills that script too, the next host on the same state directory ends the agent
 * when it opens. Daemons that leave the session are found by their environment, on Linux only.
 *
 * <p>Needs POSIX: {@code /bin/sh}, and {@code setsid} or {@code perl}. Thread-safe.
 */
@SuppressWarnings("exports") // The gateway's types are between the runtime and this class.
public final class LocalProcessSubstrate implements Substrate, NeedsGateway {
    private static final Logger LOG = LoggerFactory.getLogger(LocalProcessSubstrate.class);
    private static final String NAME = "local processes";
    private static final Duration RECONCILE_WITHIN = Duration.ofSeconds(10);
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(12);
    private static final int NAME_BYTES = 8;

    private final Path root;
    private final List<Path> programs;
    private final boolean harnessInOwnProcess;
    private final ProcessTable processes = ProcessTable.ofThisMachine();
    private final InstantSource clock = SystemInstants.source();
    private final Object lock = new Object();
    private final Map<InstanceRef, LocalInstance> instances = new TreeMap<>();
    private @Nullable GatewayDoor door;
    private @Nullable String address;
    private @Nullable Opened opened;
    private boolean closed;

    /** What is there between open and close. */
    private record Opened(
            StateDirectory state,
            Watcher watcher,
            SystemClockwork clockwork,
            LoopbackServer loopback,
            SubstrateListener listener,
            GatewayDoor door,
            String address) {}

    private record Started(LocalInstance instance, InstanceDirectory directory, Told told) {}

    private LocalProcessSubstrate(Path root, List<Path> programs, boolean harnessInOwnProcess) {
        this.root = root.toAbsolutePath();
        this.programs = List.copyOf(programs);
        this.harnessInOwnProcess = harnessInOwnProcess;
    }

    /**
     * Local processes whose state is kept in {@code directory}, which is created if it is missing. Hosts of one
     * machine may share it; then each ends what a dead one left.
     */
    public static LocalProcessSubstrate in(Path directory) {
        return new LocalProcessSubstrate(Objects.requireNonNull(directory, "directory"), List.of(), false);
    }

    /**
     * This one, not opened yet, with directories in which commands are looked for before the usual ones: the
     * {@code bin} of the host's own JVM, {@code /usr/local/bin}, {@code /usr/bin} and {@code /bin}.
     */
    public LocalProcessSubstrate programsIn(Path... directories) {
        List<Path> more = new ArrayList<>(programs);
        for (Path directory : directories) {
            more.add(directory.toAbsolutePath().normalize());
        }
        return new LocalProcessSubstrate(root, more, harnessInOwnProcess);
    }

    /**
     * This one, not opened yet, with harness and agent of an instance together in a session of their own, as in a
     * pod, where the harness speaks HTTP to the gateway. What is done to the group is done to both: for tests of
     * crashes and pauses, at the price of a JVM for each instance.
     */
    public LocalProcessSubstrate harnessInOwnProcess() {
        return new LocalProcessSubstrate(root, programs, true);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Offers plain processes, if this machine has what they need. {@code within} is not used: nothing is waited for. */
    @Override
    public Facts facts(String tenant, Duration within) {
        Optional<String> missing = Watcher.missing();
        List<HostFacts.Handler> handlers = missing.isPresent()
                ? List.of()
                : List.of(
                        new HostFacts.Handler(HandlerKind.PROCESS, "plain processes of the host's user; no boundary"));
        return new HostFacts(
                NAME, clock.instant(), handlers, missing.map(List::of).orElse(List.of()));
    }

    @Override
    public boolean overSockets() {
        return harnessInOwnProcess;
    }

    @Override
    public void gateway(GatewayDoor door, String address) {
        synchronized (lock) {
            this.door = Objects.requireNonNull(door, "door");
            this.address = Objects.requireNonNull(address, "address");
        }
    }

    @Override
    public void open(SubstrateHost host) {
        SubstrateListener listener = Objects.requireNonNull(host, "host").listener();
        synchronized (lock) {
            if (closed || opened != null || door == null || address == null) {
                throw new LanternException("local processes in " + root + " cannot be opened: they are "
                        + (closed ? "closed" : opened != null ? "open already" : "still without gateway()"));
            }
            opened = opened(listener, door, address);
        }
    }

    @Override
    public void start(InstanceStart start, Duration within) {
        requireFit(start);
        Started made;
        Opened parts;
        synchronized (lock) {
            parts = requireOpen();
            if (instances.containsKey(start.instance())) {
                return;
            }
            made = made(parts, start);
            instances.put(start.instance(), made.instance());
        }
        parts.clockwork().start("lantern-instance", () -> made.instance().live(() -> harness(parts, start, made)));
    }

    @Override
    public boolean stop(InstanceRef instance, Duration grace, Duration within) {
        Deadline deadline = Deadline.after(within);
        LocalInstance own;
        Opened parts;
        synchronized (lock) {
            parts = requireOpen();
            own = instances.get(instance);
        }
        try {
            if (own != null) {
                own.stop(grace, deadline);
                forget(instance, own);
            } else {
                stopOfAnotherHost(parts, instance, grace, deadline);
            }
            return true;
        } catch (IOException e) {
            throw new LanternException("instance " + instance + " could not be stopped: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException("interrupted while stopping instance " + instance + ": stop it again", e);
        }
    }

    /** Those of this host and of others that share its directory. What dead ones have left is ended first. */
    @Override
    public List<InstanceRef> standing(Duration within) {
        List<InstanceRef> standing = new ArrayList<>();
        Opened parts;
        synchronized (lock) {
            parts = requireOpen();
            instances.forEach((ref, instance) -> {
                if (instance.stands()) {
                    standing.add(ref);
                }
            });
        }
        try {
            parts.state().reconcile(Deadline.after(within));
            standing.addAll(parts.state().elsewhere());
        } catch (IOException e) {
            throw new LanternException("what stands in " + root + " could not be listed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LanternException("interrupted while listing what stands in " + root, e);
        }
        return standing;
    }

    /** Stops every instance of this host, with two seconds of grace: local agents end with their host. */
    @Override
    public void close() {
        Opened parts;
        List<LocalInstance> ending;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            parts = opened;
            ending = List.copyOf(instances.values());
        }
        if (parts != null) {
            close(parts, ending);
        }
    }

    private Opened opened(SubstrateListener listener, GatewayDoor to, String at) {
        SystemClockwork clockwork =
                SystemClockwork.start(failure -> LOG.error("a turn or a worker of local processes failed", failure));
        try {
            String name = HexFormat.of().formatHex(clockwork.random(NAME_BYTES));
            StateDirectory state = StateDirectory.open(root, name, processes);
            state.reconcile(Deadline.after(RECONCILE_WITHIN));
            return new Opened(
                    state, Watcher.in(state.own()), clockwork, LoopbackServer.open(clockwork), listener, to, at);
        } catch (IOException e) {
            clockwork.close();
            throw new LanternException("the state directory " + root + " cannot be used: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            clockwork.close();
            Thread.currentThread().interrupt();
            throw new LanternException("interrupted while opening the state directory " + root, e);
        }
    }

    private static void requireFit(InstanceStart start) {
        AgentSpec spec = start.spec();
        if (spec.isolation() != Isolation.TRUSTED || start.placement().handler() != HandlerKind.PROCESS) {
            throw new LanternException("instance " + start.instance() + " was not started: a plain process has no"
                    + " boundary and takes isolation trusted on handler PROCESS only, found " + spec.isolation()
                    + " on "
                    + start.placement().handler());
        }
        if (spec.command().isEmpty()) {
            throw new LanternException("instance " + start.instance() + " was not started: spec.command is empty, and"
                    + " local processes pull no image");
        }
    }

    private Opened requireOpen() {
        if (closed || opened == null) {
            throw new LanternException("local processes in " + root + " are " + (closed ? "closed" : "not open yet"));
        }
        return opened;
    }

    private void create(InstanceDirectory directory, InstanceRef instance) {
        try {
            directory.create(instance, processes.boot());
        } catch (IOException e) {
            throw new LanternException(
                    "instance " + instance + " was not started: its directory " + directory.path()
                            + " could not be made: " + e.getMessage(),
                    e);
        }
    }

    private Started made(Opened parts, InstanceStart start) {
        InstanceDirectory directory = parts.state().of(start.instance());
        create(directory, start.instance());
        Map<String, String> environment = ChildEnvironment.of(start.spec(), directory, programs);
        Told told = new Told(parts.listener(), start.instance(), clock);
        LocalInstance instance = new LocalInstance(
                start.instance(),
                directory,
                new ProgramLookup(start.spec().command().get(0), environment.getOrDefault(ChildEnvironment.PATH, "")),
                parts.watcher(),
                processes,
                parts.clockwork(),
                told);
        return new Started(instance, directory, told);
    }

    private HarnessSide harness(Opened parts, InstanceStart start, Started made) {
        Map<String, String> environment = ChildEnvironment.of(start.spec(), made.directory(), programs);
        if (harnessInOwnProcess) {
            return new HarnessBeside(start, made.directory(), environment, LocalInstance.OWN_GRACE);
        }
        List<String> command = new ArrayList<>(start.spec().command());
        command.addAll(start.spec().args());
        return new EmbeddedHarness(
                start.instance(),
                made.directory(),
                command,
                environment,
                parts.loopback(),
                new DirectTransport(parts.door(), parts.address(), start.enrolmentSecret(), parts.clockwork()),
                parts.clockwork(),
                made.instance()::stopAgent,
                line -> made.told().logged("stderr", line));
    }

    private void forget(InstanceRef ref, LocalInstance instance) {
        synchronized (lock) {
            instances.remove(ref, instance);
        }
    }

    private void stopOfAnotherHost(Opened parts, InstanceRef instance, Duration grace, Deadline deadline)
            throws IOException, InterruptedException {
        for (InstanceDirectory found : parts.state().ofOthers(instance)) {
            Members members = new Members(found, processes);
            members.terminate();
            members.gone(Deadline.after(grace));
            members.kill(deadline);
            found.remove();
        }
    }

    private void close(Opened parts, List<LocalInstance> ending) {
        Deadline deadline = Deadline.after(CLOSE_WITHIN);
        List<CompletableFuture<Void>> stopped = new ArrayList<>();
        for (LocalInstance instance : ending) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            stopped.add(done);
            parts.clockwork().start("lantern-stop", () -> stop(instance, deadline, done));
        }
        try {
            CompletableFuture.allOf(stopped.toArray(CompletableFuture[]::new)).get();
        } catch (ExecutionException e) {
            throw new LanternException("local processes in " + root + " did not all end", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release(parts);
        }
    }

    private static void stop(LocalInstance instance, Deadline deadline, CompletableFuture<Void> done) {
        try {
            instance.stop(CLOSE_GRACE, deadline);
            done.complete(null);
        } catch (RuntimeException | InterruptedException e) {
            done.completeExceptionally(e);
        }
    }

    private void release(Opened parts) {
        try {
            parts.loopback().close();
            parts.clockwork().close();
            parts.state().close();
        } catch (IOException e) {
            throw new LanternException("the state directory " + root + " could not be left in order", e);
        }
    }
}
