package dev.lantern.torture;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL, on a disk of its own where this machine allows to mount one, that can be stopped without a word,
 * started again, and run out of space. What it acknowledged is on that disk: {@code synchronous_commit} and
 * {@code fsync} are on, whatever the library that starts it prefers.
 */
public final class Postgres implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final int CHUNK = 1024 * 1024;

    private final Path disk;
    private final boolean mounted;
    private final Path log;
    private final Thread atExit = new Thread(this::release, "end of PostgreSQL");
    private @Nullable EmbeddedPostgres server;
    private volatile int port = CuttingProxy.NOWHERE;

    private Postgres(Path directory, boolean mounted) {
        this.disk = directory.resolve("disk");
        this.mounted = mounted;
        this.log = directory.resolve("postgres.log");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** @param megabytes the size of its disk, where one can be mounted */
    public static Postgres start(Path directory, int megabytes) throws IOException {
        Postgres postgres = new Postgres(directory, mounts(directory.resolve("disk"), megabytes));
        postgres.start();
        return postgres;
    }

    private static boolean mounts(Path disk, int megabytes) throws IOException {
        Files.createDirectories(disk);
        try {
            Signal.run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=0700", "lantern", disk.toString());
            return true;
        } catch (IllegalStateException | UncheckedIOException forbidden) {
            System.out.println("no disk can be mounted here: " + forbidden.getMessage());
            return false;
        }
    }

    /** Whether the disk is its own, so that it can be filled. */
    boolean hasOwnDisk() {
        return mounted;
    }

    /** Where it listens now; nowhere while it is down. */
    int port() {
        return port;
    }

    /** Opens connections to where it listens now, without a pool. */
    public DataSource source() {
        return TortureHost.postgres(port);
    }

    void start() throws IOException {
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(STARTS_WITHIN)
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                // A small disk holds little of it, and much of it is written.
                .setServerConfig("max_wal_size", "64MB")
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        server = started;
        port = started.getPort();
    }

    private Path data() {
        return disk.resolve("data");
    }

    private long postmaster() throws IOException {
        return Long.parseLong(
                Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip());
    }

    /** Stops it as {@code pg_ctl stop -m immediate} does: every session ends at once, recovery comes with the start. */
    void stopImmediately() throws IOException {
        ProcessHandle postmaster = ProcessHandle.of(postmaster()).orElseThrow();
        port = CuttingProxy.NOWHERE;
        Signal.QUIT.to(postmaster.pid());
        postmaster.onExit().join();
        forget();
    }

    boolean isUp() throws IOException {
        return Files.exists(data().resolve("postmaster.pid"))
                && ProcessHandle.of(postmaster()).filter(ProcessHandle::isAlive).isPresent();
    }

    /** It ended by itself. */
    void restart() throws IOException {
        port = CuttingProxy.NOWHERE;
        forget();
        start();
    }

    /** Stops the server, if it still runs, and frees what the library holds for it. */
    private void forget() throws IOException {
        EmbeddedPostgres gone = server;
        if (gone != null) {
            server = null;
            gone.close();
        }
    }

    /** SIGKILL for one of its processes; the others are ended by the postmaster, and the log is replayed. */
    public void killOneBackend() {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select pid from pg_stat_activity"
                        + " where backend_type = 'client backend' order by pid = pg_backend_pid() limit 1")) {
            rows.next();
            Signal.KILL.to(rows.getLong(1));
        } catch (SQLException e) {
            throw new IllegalStateException("no server process could be found", e);
        }
    }

    /** Leaves not one byte. */
    void fillDisk() throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(ballast())) {
            while (true) {
                out.write(chunk);
            }
        } catch (IOException full) {
            FileStore store = Files.getFileStore(disk);
            if (store.getUsableSpace() > CHUNK) {
                throw full;
            }
        }
    }

    void freeDisk() throws IOException {
        Files.delete(ballast());
    }

    private Path ballast() {
        return disk.resolve("ballast");
    }

    /** How often it has said that its disk is full. */
    int complaintsOfFullDisk() throws IOException {
        // Bytes that are no text, if a crash left any, do not matter here.
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        return text.split("No space left on device", -1).length - 1;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        release();
    }

    private void release() {
        port = CuttingProxy.NOWHERE;
        try {
            forget();
            if (isUp()) {
                throw new IllegalStateException("PostgreSQL, process " + postmaster() + ", did not stop");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (mounted) {
                Signal.run("umount", "-l", disk.toString());
            }
        }
    }
}
