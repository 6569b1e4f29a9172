package dev.lantern.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The host processes. A dead one is replaced by another one of another name. Thread-safe. */
final class Fleet implements AutoCloseable {
    private final Path directory;
    private final Postgres postgres;
    private final Cluster cluster;
    private final String word;
    private final List<HostProcess> hosts = new ArrayList<>();
    private int started;

    Fleet(Path directory, Postgres postgres, Cluster cluster, String word) {
        this.directory = directory;
        this.postgres = postgres;
        this.cluster = cluster;
        this.word = word;
    }

    /** Starts one more and does not wait for it. */
    synchronized HostProcess startOne() throws IOException {
        String name = "host-" + ++started;
        HostProcess host = HostProcess.start(name, directory, CuttingProxy.to(postgres::port), word);
        hosts.add(host);
        return host;
    }

    void awaitArrivals() throws InterruptedException {
        for (HostProcess host : hosts()) {
            cluster.await(host.name(), host::isAlive);
        }
    }

    long incarnation(HostProcess host) throws InterruptedException {
        return cluster.await(host.name(), host::isAlive).incarnation();
    }

    void kill(HostProcess host) throws InterruptedException {
        synchronized (this) {
            hosts.remove(host);
        }
        host.kill();
        cluster.gone(host.name());
    }

    synchronized List<HostProcess> hosts() {
        return List.copyOf(hosts);
    }

    synchronized HostProcess any(Random dice) {
        return hosts.get(dice.nextInt(hosts.size()));
    }

    Optional<RemoteHost> remote(HostProcess host) {
        return cluster.host(host.name());
    }

    synchronized int started() {
        return started;
    }

    synchronized List<Path> ledgers() {
        List<Path> ledgers = new ArrayList<>();
        for (int number = 1; number <= started; number++) {
            ledgers.add(directory.resolve("host-" + number + ".ledger"));
        }
        return ledgers;
    }

    /** Asks each to leave. @return those that did not do so by themselves and well */
    List<String> leave() throws IOException, InterruptedException {
        List<String> stayed = new ArrayList<>();
        for (HostProcess host : hosts()) {
            if (!host.leave()) {
                stayed.add(host.toString());
            }
            kill(host);
        }
        return stayed;
    }

    /** Kills whatever is left, in whatever state it is: SIGKILL ends a stopped process as well. */
    @Override
    public void close() {
        for (HostProcess host : hosts()) {
            try {
                kill(host);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
