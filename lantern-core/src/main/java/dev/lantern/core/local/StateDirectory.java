package dev.lantern.core.local;

import dev.lantern.agent.clockwork.Deadline;
import dev.lantern.substrate.InstanceRef;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which the hosts of one machine keep what they have started: a subdirectory for each host, with
 * a lock that the kernel releases when the host dies, and in it a directory for each instance.
 *
 * <p>Whoever opens the directory, or looks for what stands, ends what dead hosts have left. Thread-safe.
 */
final class StateDirectory implements AutoCloseable {
    private static final String HOST = "host-";
    private static final String INSTANCE = "i-";
    private static final String LOCK = "lock";

    private final Path root;
    private final Path own;
    private final ProcessTable processes;
    private final FileChannel lock;
    private final AtomicLong starts = new AtomicLong();

    private StateDirectory(Path root, Path own, ProcessTable processes, FileChannel lock) {
        this.root = root;
        this.own = own;
        this.processes = processes;
        this.lock = lock;
    }

    /** @param name this host's, never used before */
    static StateDirectory open(Path root, String name, ProcessTable processes) throws IOException {
        PrivateFiles.directories(root);
        // Locked before it gets its name, so that nobody takes it for a dead host's.
        Path fresh = root.resolve("new-" + name);
        PrivateFiles.directory(fresh);
        PrivateFiles.file(fresh.resolve(LOCK), new byte[0]);
        FileChannel lock = FileChannel.open(fresh.resolve(LOCK), StandardOpenOption.WRITE);
        lock.lock();
        Path own = Files.move(fresh, root.resolve(HOST + name));
        return new StateDirectory(root.toAbsolutePath(), own.toAbsolutePath(), processes, lock);
    }

    /** This host's part. */
    Path own() {
        return own;
    }

    /** A fresh one for a start. */
    InstanceDirectory of(InstanceRef instance) {
        return InstanceDirectory.of(own, instance, starts.incrementAndGet());
    }

    /** Those of other hosts. What this host has started is known to it without looking. */
    List<InstanceDirectory> ofOthers(InstanceRef instance) throws IOException {
        List<InstanceDirectory> found = new ArrayList<>();
        for (Path host : children(root, HOST)) {
            if (!host.equals(own)) {
                for (Path directory : children(host, InstanceDirectory.prefix(instance))) {
                    found.add(new InstanceDirectory(directory));
                }
            }
        }
        return found;
    }

    /** What stands of other hosts that live. */
    List<InstanceRef> elsewhere() throws IOException {
        List<InstanceRef> standing = new ArrayList<>();
        for (Path host : children(root, HOST)) {
            if (!host.equals(own)) {
                for (Path instance : children(host, INSTANCE)) {
                    new InstanceDirectory(instance).instance().ifPresent(standing::add);
                }
            }
        }
        return standing;
    }

    /** Kills what dead hosts have left and removes their directories. */
    void reconcile(Deadline deadline) throws IOException, InterruptedException {
        for (Path host : children(root, HOST)) {
            if (!host.equals(own)) {
                reconcile(host, deadline);
            }
        }
    }

    @Override
    public void close() throws IOException {
        PrivateFiles.remove(own);
        lock.close();
    }

    private void reconcile(Path host, Deadline deadline) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(host.resolve(LOCK), StandardOpenOption.WRITE)) {
            if (lockOf(channel) != null) {
                for (Path instance : children(host, INSTANCE)) {
                    new Members(new InstanceDirectory(instance), processes).kill(deadline);
                }
                PrivateFiles.remove(host);
            }
        } catch (NoSuchFileException beingRemoved) {
            removeEmptied(host);
        }
    }

    /** A host that was interrupted while it removed itself, with its lock gone and no instance left. */
    private static void removeEmptied(Path host) throws IOException {
        if (Files.isDirectory(host) && children(host, INSTANCE).isEmpty()) {
            PrivateFiles.remove(host);
        }
    }

    private static @Nullable FileLock lockOf(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisJvm) {
            return null;
        }
    }

    private static List<Path> children(Path directory, String prefix) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, prefix + "*")) {
            all.forEach(children::add);
        } catch (NoSuchFileException beingRemoved) {
            return List.of();
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw new LanternException("cannot list " + directory, e.getCause());
        }
        return children;
    }
}
