package dev.lantern.core.runtime;

import dev.lantern.LanternRuntime;
import dev.lantern.core.codec.JacksonCodec;
import dev.lantern.core.engine.ChainForms;
import dev.lantern.core.engine.EngineSettings;
import dev.lantern.core.engine.Host;
import dev.lantern.core.engine.HostListener;
import dev.lantern.core.format.ErasableCodec;
import dev.lantern.core.identity.Authority;
import dev.lantern.core.identity.AuthorityIssuer;
import dev.lantern.core.identity.StrictSignatures;
import dev.lantern.core.identity.TrustDomain;
import dev.lantern.core.logs.InMemoryLogStore;
import dev.lantern.core.operator.OperatorServer;
import dev.lantern.core.operator.Page;
import dev.lantern.core.security.BoundedSecurityLog;
import dev.lantern.core.security.SecurityLog;
import dev.lantern.core.security.Stranger;
import dev.lantern.core.turns.ThreadedTurns;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.identity.KeyStore;
import dev.lantern.identity.SecurityListener;
import dev.lantern.journal.Event;
import dev.lantern.journal.Journal;
import dev.lantern.logs.LogEntry;
import dev.lantern.logs.LogStore;
import dev.lantern.secrets.SecretPolicy;
import dev.lantern.secrets.SecretStore;
import dev.lantern.spec.SpecReader;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.substrate.LogPosition;
import dev.lantern.substrate.Substrate;
import dev.lantern.value.LanternException;
import dev.lantern.value.PayloadCodec;
import dev.lantern.value.PayloadSeal;
import dev.lantern.value.RunRef;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts a runtime together. One thread, one use. */
final class CoreBuilder implements LanternRuntime.Builder {
    private static final int SECURITY_LINES = 20;
    private static final long MOST_CACHE_BYTES = 64L * 1024 * 1024;

    private @Nullable Journal journal;
    private @Nullable Substrate substrate;
    private @Nullable LogStore logs;
    private @Nullable GatewayPlace gateway;
    private boolean followLogs;
    private PayloadCodec codec = new JacksonCodec();
    private ErasableCodec erasables = ErasableCodec.plain();
    private AutoCloseable sealing = () -> {};
    private IsolationPolicy policy = IsolationPolicy.safeDefaults();
    private @Nullable KeyStore keys;
    private TrustDomain trustDomain = new TrustDomain("lantern.internal");
    private @Nullable InetSocketAddress operator;
    private SecurityListener security = event -> {};
    private @Nullable SecretStore secrets;
    private SecretPolicy secretPolicy = SecretPolicy.defaults();
    private EngineSettings settings = EngineSettings.defaults();

    @Override
    public LanternRuntime.Builder journal(Journal chosen) {
        this.journal = Objects.requireNonNull(chosen, "journal");
        return this;
    }

    @Override
    public LanternRuntime.Builder substrate(Substrate chosen) {
        this.substrate = Objects.requireNonNull(chosen, "substrate");
        return this;
    }

    @Override
    public LanternRuntime.Builder logs(LogStore chosen) {
        this.logs = Objects.requireNonNull(chosen, "logs");
        return this;
    }

    @Override
    public LanternRuntime.Builder gateway(InetSocketAddress listen, String address) {
        this.gateway = GatewayPlace.of(listen, address);
        return this;
    }

    @Override
    public LanternRuntime.Builder followLogs() {
        this.followLogs = true;
        return this;
    }

    @Override
    public LanternRuntime.Builder codec(PayloadCodec chosen) {
        this.codec = Objects.requireNonNull(chosen, "codec");
        return this;
    }

    @Override
    public LanternRuntime.Builder seal(PayloadSeal chosen) {
        this.erasables = ErasableCodec.sealedBy(chosen);
        this.sealing = chosen;
        return this;
    }

    @Override
    public LanternRuntime.Builder sealFromNowOn(PayloadSeal chosen) {
        this.erasables = ErasableCodec.sealedFromNowOn(chosen);
        this.sealing = chosen;
        return this;
    }

    @Override
    public LanternRuntime.Builder policy(IsolationPolicy chosen) {
        this.policy = Objects.requireNonNull(chosen, "policy");
        return this;
    }

    @Override
    public LanternRuntime.Builder keys(KeyStore chosen) {
        this.keys = Objects.requireNonNull(chosen, "keys");
        return this;
    }

    @Override
    public LanternRuntime.Builder trustDomain(String name) {
        this.trustDomain = new TrustDomain(name);
        return this;
    }

    @Override
    public LanternRuntime.Builder operator(InetSocketAddress listen) {
        this.operator = Objects.requireNonNull(listen, "listen");
        return this;
    }

    @Override
    public LanternRuntime.Builder security(SecurityListener chosen) {
        this.security = Objects.requireNonNull(chosen, "security");
        return this;
    }

    @Override
    public LanternRuntime.Builder secrets(SecretStore chosen) {
        this.secrets = Objects.requireNonNull(chosen, "secrets");
        return this;
    }

    @Override
    public LanternRuntime.Builder secretPolicy(SecretPolicy chosen) {
        this.secretPolicy = Objects.requireNonNull(chosen, "secretPolicy");
        return this;
    }

    @Override
    public LanternRuntime.Builder heartbeat(Duration every, Duration silence) {
        if (every.isNegative() || every.isZero() || silence.compareTo(every.multipliedBy(2)) < 0) {
            throw new LanternException("an instance says every " + every + " that it lives and is given up after "
                    + silence + " of silence; the silence must be at least twice as long, and both positive");
        }
        this.settings = settings.heartbeats(every, silence);
        return this;
    }

    @Override
    public LanternRuntime.Builder lease(Duration lease) {
        if (lease.compareTo(Duration.ofMillis(300)) < 0) {
            throw new LanternException(
                    "a lease of " + lease + " is too short to be renewed in time; take 300 ms at least");
        }
        this.settings = settings.lease(lease);
        return this;
    }

    @Override
    public LanternRuntime start() {
        Journal chosenJournal = required("journal", journal, "JdbcJournal.embedded(directory)");
        Substrate chosenSubstrate = required("substrate", substrate, "LocalProcessSubstrate.in(directory)");
        ThreadedTurns turns = ThreadedTurns.start();
        List<AutoCloseable> begun = new ArrayList<>();
        try {
            return start(chosenJournal, chosenSubstrate, turns, begun);
        } catch (RuntimeException e) {
            Collections.reverse(begun);
            begun.forEach(part -> closeQuietly(part, e));
            turns.close();
            throw e;
        }
    }

    /** @param begun what has to be closed if this fails, the last one first */
    private LanternRuntime start(
            Journal chosenJournal, Substrate chosenSubstrate, ThreadedTurns turns, List<AutoCloseable> begun) {
        ChainForms forms = new ChainForms(
                new SharedSpecs(SpecReader.installed()),
                erasables,
                Math.min(MOST_CACHE_BYTES, Runtime.getRuntime().maxMemory() / 16));
        Gatekeeping gate = new Gatekeeping(
                chosenSubstrate,
                policy,
                Optional.ofNullable(secrets).map(store -> secretPolicy),
                turns::now,
                settings.callWithin());
        LateDoor door = new LateDoor();
        SecurityLog strangers = new BoundedSecurityLog(turns::now, SECURITY_LINES, security);
        Optional<HostIdentity> identity = identity(chosenSubstrate, turns);
        identity.ifPresent(own -> begun.add(own::close));
        GatewayWiring wiring =
                GatewayWiring.of(chosenSubstrate, Optional.ofNullable(gateway), identity, strangers, turns::now, door);
        begun.add(wiring);
        Optional<OperatorServer> pages =
                Optional.ofNullable(operator).map(address -> OperatorServer.open(address, pages(identity)));
        pages.ifPresent(begun::add);
        RuntimeParts parts = new RuntimeParts(
                turns,
                chosenJournal,
                chosenSubstrate,
                logs == null ? new InMemoryLogStore() : logs,
                codec,
                forms,
                settings,
                gate,
                wiring,
                keepers(identity, pages),
                new LogWishes(chosenSubstrate, followLogs, door::newest));
        Host host = Host.join(new Host.Parts(
                turns,
                chosenJournal,
                chosenSubstrate,
                gate,
                gate,
                new StrictSignatures(),
                identity.map(own -> new AuthorityIssuer(own.authority(), turns::now)),
                Optional.ofNullable(secrets),
                secretPolicy,
                forms,
                new Telling(parts, strangers),
                settings,
                wiring.address()));
        door.open(host);
        return new CoreRuntime(parts, host);
    }

    private static void closeQuietly(AutoCloseable part, RuntimeException why) {
        try {
            part.close();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            why.addSuppressed(e);
        }
    }

    private static List<Page> pages(Optional<HostIdentity> identity) {
        List<Page> pages = new ArrayList<>(List.of(Page.healthz()));
        identity.ifPresent(
                own -> pages.add(Page.jwks(() -> own.authority().jwks().getBytes(StandardCharsets.US_ASCII))));
        return pages;
    }

    private List<AutoCloseable> keepers(Optional<HostIdentity> identity, Optional<OperatorServer> pages) {
        List<AutoCloseable> keepers = new ArrayList<>(List.of(sealing));
        pages.ifPresent(keepers::add);
        identity.ifPresent(own -> keepers.add(own::close));
        Stream.of(secrets, keys).filter(Objects::nonNull).forEach(keepers::add);
        return keepers;
    }

    /** Where instances are reached on this machine alone, nobody has to prove with certificates who it is. */
    private Optional<HostIdentity> identity(Substrate chosen, ThreadedTurns turns) {
        if (!chosen.callsOverNetwork()) {
            return Optional.empty();
        }
        KeyStore authority = required("keys", keys, "FileKeyStore.openOrCreate(Path.of(\"authority.keys\"))");
        HostIdentity identity = new HostIdentity(
                Authority.of(authority, trustDomain, turns::now, turns::random), turns, settings.callWithin());
        identity.begin();
        return Optional.of(identity);
    }

    private static <T> T required(String name, @Nullable T part, String example) {
        if (part == null) {
            throw new LanternException(
                    "a runtime needs a " + name + ": call ." + name + "(" + example + ") before start()");
        }
        return part;
    }

    /** Tells the runtime's own waiters. */
    private record Telling(RuntimeParts parts, SecurityLog strangers) implements HostListener {
        @Override
        public void durable(RunRef run, List<Event> events) {
            parts.eventWatches().tell(run);
        }

        @Override
        public void newest(InstanceRef instance) {
            parts.logWishes().newest(instance);
        }

        @Override
        public void decided(RunRef run) {
            parts.logWishes().decided(run);
            parts.watches().tell(run);
        }

        @Override
        public void released(RunRef run) {
            parts.logWishes().released(run);
            parts.watches().tell(run);
        }

        @Override
        public void logged(InstanceRef instance, Instant at, String stream, String line) {
            parts.logRelay().take(new LogEntry(instance, at, stream, line));
        }

        @Override
        public void refused(RunRef run, int epoch, String reason, String detail) {
            strangers.refused(reason, Stranger.at("").claiming(run, epoch), detail);
        }

        @Override
        public LogPosition kept(InstanceRef instance) {
            return parts.logs().position(instance);
        }
    }
}
