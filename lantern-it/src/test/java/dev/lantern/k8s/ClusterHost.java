package dev.lantern.k8s;

import dev.lantern.Lantern;
import dev.lantern.LanternRuntime;
import dev.lantern.core.keys.FileKeyStore;
import dev.lantern.gate.IsolationPolicy;
import dev.lantern.identity.KeyStore;
import dev.lantern.journal.jdbc.JdbcJournal;
import dev.lantern.run.AgentRun;
import dev.lantern.spec.AgentSpec;
import dev.lantern.spec.Isolation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A host on a real cluster: in the test's JVM, or as a process that somebody kills. */
final class ClusterHost {
    /** Runs whose id begins like this are cancelled as soon as they are spawned. */
    static final String CANCELLED = "cancelled-";

    private ClusterHost() {}

    /**
     * Spawns runs, cancels those that are to be cancelled, says so, and goes on until it is killed.
     *
     * @param args the database's URL, the namespace, this host's address, and the runs' ids
     */
    public static void main(String[] args) throws InterruptedException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(args[0]);
        database.setUser("postgres");
        LanternRuntime runtime = start(database, args[1], args[2]);
        for (String id : List.of(args).subList(3, args.length)) {
            AgentRun run =
                    Lantern.spawn(spec(Isolation.TRUSTED, "through")).runId(id).on(runtime);
            if (id.startsWith(CANCELLED)) {
                run.cancel("nobody needs it");
            }
        }
        System.out.println("spawned");
        new CountDownLatch(1).await();
    }

    static LanternRuntime start(DataSource database, String namespace, String address) {
        return start(database, namespace, address, IsolationPolicy.safeDefaults());
    }

    static LanternRuntime start(DataSource database, String namespace, String address, IsolationPolicy policy) {
        int port = URI.create(address).getPort();
        String harness = System.getenv("LANTERN_TEST_HARNESS_IMAGE");
        return start(
                database,
                policy,
                namespace,
                address,
                address,
                port,
                TestNamespace.kubeconfig(),
                harness,
                TestNamespace.forbidden(),
                // All hosts of a namespace are one deployment, whichever process they are in.
                FileKeyStore.openOrCreate(Path.of("target", "authority-" + namespace + ".keys")));
    }

    private static LanternRuntime start(
            DataSource database,
            IsolationPolicy policy,
            String namespace,
            String gateway,
            String thisHost,
            int port,
            Path kubeconfig,
            String harness,
            String forbidden,
            KeyStore keys) {
        // tag::host[]
        LanternRuntime runtime = Lantern.runtime()
                .journal(JdbcJournal.on(database))
                .policy(policy)
                .substrate(KubernetesSubstrate.builder()
                        .kubeconfig(kubeconfig)
                        .namespace(namespace)
                        .gateway(gateway)
                        .forbidden(forbidden)
                        .harness(harness)
                        .build())
                .gateway(new InetSocketAddress("0.0.0.0", port), thisHost)
                .keys(keys)
                .start();
        // end::host[]
        return runtime;
    }

    static AgentSpec spec(Isolation isolation, String mode) {
        return AgentSpec.builder("cluster-agent")
                .image(System.getenv("LANTERN_TEST_SHELL_IMAGE"))
                .isolation(isolation)
                .command(List.of("/bin/sh", "-c", script()))
                .env("MODE", mode)
                .limits(limits -> limits.memory("64Mi").vcpu("50m"))
                .build();
    }

    private static String script() {
        try (InputStream in =
                Objects.requireNonNull(ClusterHost.class.getResourceAsStream("cluster-agent.sh"), "cluster-agent.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
