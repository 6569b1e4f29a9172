package dev.lantern.core.engine;

import dev.lantern.agent.wire.GatewayCall;
import dev.lantern.agent.wire.GatewayReply;
import dev.lantern.agent.wire.StrictJson;
import dev.lantern.core.event.RunEvent;
import dev.lantern.core.event.SpecForms;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.format.EventEnvelope;
import dev.lantern.core.gate.Earlier;
import dev.lantern.core.gate.Ruling;
import dev.lantern.core.gateway.Presented;
import dev.lantern.core.memory.InMemoryJournal;
import dev.lantern.gate.Decision;
import dev.lantern.gate.Decision.Admitted;
import dev.lantern.gate.Facts;
import dev.lantern.gate.HandlerKind;
import dev.lantern.gate.Placement;
import dev.lantern.journal.Append;
import dev.lantern.journal.AppendResult;
import dev.lantern.journal.Create;
import dev.lantern.journal.CreateResult;
import dev.lantern.journal.Event;
import dev.lantern.journal.Fence;
import dev.lantern.journal.Journal;
import dev.lantern.journal.RunRow;
import dev.lantern.run.RunLabels;
import dev.lantern.run.RunStatus;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretStore;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import dev.lantern.spec.SecretRef;
import dev.lantern.spec.SpecReader;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.InstanceStart;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.Substrate;
import dev.lantern.substrate.SubstrateHost;
import dev.lantern.value.RunRef;
import dev.lantern.value.internal.Json;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Hosts on one journal in memory, in one thread: time and calls are moved by hand, and the test calls for instances. */
final class TestCluster {
    static final EngineSettings SETTINGS = EngineSettings.defaults();
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ManualTurns clock = new ManualTurns();
    private Journal stored = new InMemoryJournal(clock::now, "test");
    private final List<String> calls = new ArrayList<>();
    private int looks;
    final Journal journal = (Journal) Proxy.newProxyInstance(
            Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, args) -> {
                calls.add(method.getName());
                try {
                    return method.invoke(stored, args);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
    private final Map<Host, ManualTurns> alive = new LinkedHashMap<>();
    private final Map<InstanceRef, byte[]> secrets = new LinkedHashMap<>();
    private final TreeSet<String> standing = new TreeSet<>();
    private Optional<RuntimeException> startFails = Optional.empty();
    private Decision ruling = new Admitted(Placement.onHost(Isolation.TRUSTED, HandlerKind.PROCESS), List.of());
    private Duration factsLast = Duration.ofMinutes(1);
    private final List<Earlier> asked = new ArrayList<>();
    private final List<InstanceStart> starts = new ArrayList<>();
    private int stillEnding;
    private Optional<Function<byte[], Optional<InstanceRef>>> platform = Optional.empty();
    private Optional<CredentialIssuer> issuer = Optional.empty();
    private Optional<SecretStore> store = Optional.empty();
    private final List<SecretRef> granted = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> strangers = new ArrayList<>();

    Host join(String address) {
        return join(address, journal);
    }

    /** A host that sees the journal as {@code view}. */
    Host join(String address, Journal view) {
        ManualTurns turns = new ManualTurns();
        turns.pass(Duration.ofNanos(clock.nanos()));
        Host host = Host.join(new Host.Parts(
                turns,
                view,
                new Everywhere(),
                (tenant, spec, earlier) -> {
                    asked.add(earlier);
                    return new Ruling(ruling, turns.now().plus(factsLast));
                },
                (kind, node, report, at) -> {
                    throw new AssertionError("nobody here has a sandbox");
                },
                new Signatures() {
                    @Override
                    public boolean isKey(byte[] publicKey) {
                        return true;
                    }

                    @Override
                    public boolean verify(String publicKey, byte[] message, byte[] signature) {
                        return signature.length > 0;
                    }
                },
                issuer,
                store,
                SecretPolicy.defaults(),
                new ChainForms(new Specs(), ErasableCodec.plain(), 1 << 16),
                new Notes(),
                SETTINGS,
                address));
        alive.put(host, turns);
        settle();
        return host;
    }

    /** From now on instances prove themselves with what this knows. */
    void platformKnows(Function<byte[], Optional<InstanceRef>> credentials) {
        platform = Optional.of(credentials);
    }

    /** Hosts that join from now on certify their instances. */
    void certifies(CredentialIssuer chosen) {
        issuer = Optional.of(chosen);
    }

    /** Hosts that join from now on give secrets out of this store. */
    void givesSecretsOf(SecretStore chosen) {
        store = Optional.of(chosen);
    }

    /** Agents that are spawned from now on are granted these. */
    void grants(SecretRef... secrets) {
        granted.addAll(List.of(secrets));
    }

    /** What every host has passed on of agents' lines. */
    List<String> lines() {
        return lines;
    }

    /** What operators were told of refusals that no chain tells of. */
    List<String> strangers() {
        return strangers;
    }

    /** From now on no instance starts. */
    void startsFail(RuntimeException failure) {
        startFails = Optional.of(failure);
    }

    /** From now on the gate says this, on facts that last so long. */
    void gateSays(Decision decision, Duration last) {
        ruling = decision;
        factsLast = last;
    }

    /** What the gate was told of earlier instances, each time that it was asked. */
    List<Earlier> asked() {
        return asked;
    }

    /** Every start that reached the substrate. */
    List<InstanceStart> starts() {
        return starts;
    }

    /** The next so many stops return before the instance is gone. */
    void stopsTakeLonger(int times) {
        stillEnding = times;
    }

    boolean stands(RunRef run, int epoch) {
        return standing.contains(new InstanceRef(run, epoch).toString());
    }

    /** The process is gone in the middle of whatever it did. */
    void kill(Host host) {
        alive.remove(host);
    }

    /** The machine stands still, its monotonic clock too, and wakes up with all that it had to do ahead of it. */
    void suspend(Host host, Duration time) {
        Objects.requireNonNull(alive.get(host)).suspend(time);
    }

    /** Makes every call that waits, and those that follow from it. */
    void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (ManualTurns turns : List.copyOf(alive.values())) {
                moved |= turns.callNext();
            }
        }
    }

    /** As {@link #settle}, but stops as soon as this holds. */
    void settleUntil(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            boolean moved = false;
            for (ManualTurns turns : List.copyOf(alive.values())) {
                moved |= turns.callNext();
            }
            if (!moved) {
                throw new AssertionError("nothing moves any more");
            }
        }
    }

    /** Time goes by in steps that no timer misses. */
    void pass(Duration time) {
        Duration step = Duration.ofMillis(100);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            clock.pass(step);
            alive.values().forEach(turns -> turns.pass(step));
            settle();
        }
    }

    RunRef spawn(Host host, String name) {
        RunRef run = create(host, name);
        settle();
        return run;
    }

    /** Durable, and nothing more of it has happened. */
    RunRef create(Host host, String name) {
        RunRef run = new RunRef("acme", name);
        AgentSpec.Builder agent =
                AgentSpec.builder("triage").image("registry.example/triage@sha256:" + "ab".repeat(32));
        granted.forEach(agent::secret);
        AgentSpec spec = agent.build();
        List<CreateResult> results = new ArrayList<>();
        host.create(
                run,
                new RunEvent.RunCreated(
                        spec,
                        spec.digest(),
                        spec.digest(),
                        RunFixture.opening("input").commitment(),
                        "0".repeat(32)),
                RunLabels.none(),
                RunFixture.opening("input"),
                results::add);
        settleUntil(() -> !results.isEmpty());
        if (!(results.get(0) instanceof CreateResult.Created)) {
            throw new AssertionError("not created: " + results);
        }
        return run;
    }

    /** Spawned, started and enrolled. */
    RunRef running(Host host, String name) {
        RunRef run = spawn(host, name);
        call(host, new GatewayCall.Enrol(run, 1, RunFixture.KEY, 1, 1));
        return run;
    }

    GatewayReply call(Host host, GatewayCall call) {
        return call(host, secrets.getOrDefault(new InstanceRef(call.run(), call.epoch()), new byte[32]), call);
    }

    GatewayReply call(Host host, byte[] secret, GatewayCall call) {
        return call(host, new Presented.Bearer(secret), call);
    }

    GatewayReply call(Host host, Presented presented, GatewayCall call) {
        List<GatewayReply> replies = new ArrayList<>();
        host.call(presented, call, replies::add);
        settle();
        if (replies.size() != 1) {
            throw new AssertionError("one answer is right, found " + replies);
        }
        return replies.get(0);
    }

    /** Makes a call and settles nothing. @return where its answer will be */
    List<GatewayReply> begin(Host host, GatewayCall call) {
        List<GatewayReply> replies = new ArrayList<>();
        byte[] secret = secrets.getOrDefault(new InstanceRef(call.run(), call.epoch()), new byte[32]);
        host.call(new Presented.Bearer(secret), call, replies::add);
        return replies;
    }

    /** The names of the calls to the journal since the last time this was asked. */
    List<String> journalCalls() {
        List<String> made = List.copyOf(calls);
        calls.clear();
        return made;
    }

    /** The journal is restored from a copy in which this run, the only one, had so many events. */
    void putBack(RunRef run, int events) {
        RunRow row = row(run);
        List<Event> chain = journal.read(row.key(), 0, events, SOON);
        Journal older = new InMemoryJournal(clock::now, "test");
        for (int i = 0; i < alive.size(); i++) {
            older.join("restored", SETTINGS.lease(), SOON);
        }
        long owner = row.host().orElseThrow();
        older.create(
                List.of(new Create(
                        run, owner, "triage", RunLabels.none(), clock.now(), RunStatus.PENDING, chain.subList(0, 1))),
                SOON);
        RunRow made = older.find(run, SOON).orElseThrow();
        for (Event event : chain.subList(1, events)) {
            EventEnvelope envelope = EventEnvelope.parse(event.bytes());
            AppendResult result = older.append(
                            List.of(new Append(
                                    made.key(),
                                    new Fence(owner, made.epoch(), made.head()),
                                    List.of(event),
                                    envelope.epoch(),
                                    RunStatus.RUNNING,
                                    false)),
                            SOON)
                    .get(0);
            if (!(result instanceof AppendResult.Appended)) {
                throw new AssertionError("the copy could not be made: " + result);
            }
            made = older.find(run, SOON).orElseThrow();
        }
        stored = older;
    }

    RunRow row(RunRef run) {
        return journal.find(run, SOON).orElseThrow();
    }

    /** How often the substrate was asked what stands. */
    int looks() {
        return looks;
    }

    List<String> kinds(RunRef run) {
        return events(run).stream().map(EventEnvelope::kind).toList();
    }

    List<EventEnvelope> events(RunRef run) {
        return journal.read(row(run).key(), 0, Integer.MAX_VALUE, SOON).stream()
                .map(Event::bytes)
                .map(EventEnvelope::parse)
                .toList();
    }

    /** The substrate that every host sees: an instance stands from its start until it is stopped. */
    private final class Everywhere implements Substrate {
        @Override
        public String name() {
            return "everywhere";
        }

        @Override
        public Facts facts(String tenant, Duration within) {
            throw new AssertionError("this gate asks for no facts");
        }

        @Override
        public void open(SubstrateHost host) {}

        @Override
        public boolean issuesCredentials() {
            return platform.isPresent();
        }

        @Override
        public Optional<InstanceRef> identify(byte[] credential, Duration within) {
            return platform.orElseThrow().apply(credential);
        }

        @Override
        public void start(InstanceStart start, Duration within) {
            startFails.ifPresent(failure -> {
                throw failure;
            });
            starts.add(start);
            standing.add(start.instance().toString());
            secrets.put(start.instance(), HexFormat.of().parseHex(start.enrolmentSecret()));
        }

        @Override
        public boolean stop(InstanceRef instance, Duration grace, Duration within) {
            if (standing.contains(instance.toString()) && stillEnding > 0) {
                stillEnding--;
                return false;
            }
            standing.remove(instance.toString());
            return true;
        }

        @Override
        public List<InstanceRef> standing(Duration within) {
            looks++;
            return secrets.keySet().stream()
                    .filter(instance -> standing.contains(instance.toString()))
                    .toList();
        }

        @Override
        public void close() {}
    }

    private static final class Specs implements SpecForms {
        @Override
        public Json.Obj canonical(AgentSpec spec) {
            return (Json.Obj) StrictJson.parseCanonical(
                    spec.canonicalJson().getBytes(StandardCharsets.UTF_8),
                    StrictJson.Bounds.ofBytes(AgentSpec.MAX_BYTES));
        }

        @Override
        public AgentSpec spec(Json.Obj canonical) {
            return SpecReader.installed().parse("journaled spec", canonical.bytes());
        }
    }

    private final class Notes implements HostListener {
        @Override
        public void newest(InstanceRef instance) {}

        @Override
        public void durable(RunRef run, List<Event> events) {}

        @Override
        public void decided(RunRef run) {}

        @Override
        public void released(RunRef run) {}

        @Override
        public void logged(InstanceRef instance, Instant at, String stream, String line) {
            lines.add(line);
        }

        @Override
        public void refused(RunRef run, int epoch, String reason, String detail) {
            strangers.add(reason);
        }

        @Override
        public LogPosition kept(InstanceRef instance) {
            return LogPosition.START;
        }
    }
}
