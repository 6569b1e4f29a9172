package dev.lantern.torture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.spec.AgentSpec;
import dev.lantern.substrate.InstanceEnd;
import dev.lantern.value.LanternException;
import dev.lantern.value.Payload;
import dev.lantern.value.RunRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** A host application in a process of its own. It does what it is asked and ends with its standard input. */
final class TortureHost implements RemoteHost {
    /** Short, so that a pause ends it soon; long enough for a machine that is busy with all of this. */
    static final Duration LEASE = Duration.ofSeconds(3);

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final int CONNECTIONS = 6;
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);

    private final AgentSpec spec = Plan.spec();
    private final LanternRuntime runtime;
    private final ClusterSubstrate substrate;
    private final Optional<FullDisk> disk;

    TortureHost(LanternRuntime runtime, ClusterSubstrate substrate, Optional<FullDisk> disk) {
        this.runtime = runtime;
        this.substrate = substrate;
        this.disk = disk;
    }

    /** @param args its name, the directory for its ledger, the port that leads to PostgreSQL, the cluster's stub */
    public static void main(String[] args) throws IOException {
        String name = args[0];
        RemoteCluster cluster = Remotes.stub(args[3], RemoteCluster.class);
        ClusterSubstrate substrate = new ClusterSubstrate(cluster);
        try (HikariDataSource pool = pool(Integer.parseInt(args[2]))) {
            FullDisk disk = new FullDisk(pool);
            LedgerJournal journal = new LedgerJournal(
                    JdbcJournal.on(disk.source()), Path.of(args[1]).resolve(name + ".ledger"));
            try (LanternRuntime runtime = Lantern.runtime()
                    .journal(journal)
                    .substrate(substrate)
                    .heartbeat(HEARTBEAT, SILENCE)
                    .lease(LEASE)
                    .start()) {
                TortureHost host = new TortureHost(runtime, substrate, Optional.of(disk));
                cluster.arrived(
                        new RemoteCluster.Arrival(name, journal.incarnation(), substrate.address()),
                        Remotes.export(host, RemoteHost.class));
                awaitEndOfInput();
            }
        }
        System.exit(0);
    }

    private static HikariDataSource pool(int port) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres(port));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECT_WITHIN.toMillis());
        return new HikariDataSource(config);
    }

    /** A data source on the test's database, through a proxy. */
    static PGSimpleDataSource postgres(int port) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setUser("postgres");
        source.setDatabaseName("postgres");
        return source;
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing is ever said; the end of it is the word.
        }
    }

    @Override
    public void spawn(String tenant, String run) {
        RunRef ref = new RunRef(tenant, run);
        AgentRun spawned = Lantern.spawn(spec)
                .tenant(tenant)
                .runId(run)
                .input(Payload.of("text/plain", Plan.input(ref).getBytes(StandardCharsets.UTF_8)))
                .on(runtime);
        if (!spawned.ref().equals(ref)) {
            throw new IllegalStateException("spawned " + ref + " and got " + spawned.ref());
        }
    }

    @Override
    public void cancel(String tenant, String run) {
        runtime.find(tenant, run)
                .orElseThrow(() -> new LanternException("there is no run " + tenant + "/" + run))
                .cancel("the user has no patience");
    }

    @Override
    public void ended(Place place, Ending ending) {
        substrate.ended(
                place.ref(),
                switch (ending) {
                    case EXITED_WELL -> new InstanceEnd.Exited(0);
                    case EXITED_BADLY -> new InstanceEnd.Exited(1);
                    case LOST -> new InstanceEnd.Lost("its node is gone");
                });
    }

    @Override
    public int diskIsFull(boolean full) {
        return disk.map(one -> one.full(full)).orElse(0);
    }

    @Override
    public void ping() {}
}
