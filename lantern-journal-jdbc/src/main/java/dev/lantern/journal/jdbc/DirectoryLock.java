package dev.lantern.journal.jdbc;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Makes this journal the only one on a directory, in this process and among all.
 *
 * <p>H2 locks its own file too, but shares a database within one JVM, and lets its lock go for a moment when it
 * opens its file again after an interrupt. This lock is touched by nobody in between.
 */
final class DirectoryLock implements AutoCloseable {
    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock take(Path directory) {
        try {
            create(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve("journal.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new LanternException("opening the journal in " + directory
                        + ": another journal is open on this directory, in this process or another one;"
                        + " close it first, or share one database server through JdbcJournal.on(dataSource)");
            }
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new LanternException("opening the journal in " + directory + ": " + e, e);
        }
    }

    /** Ends the lock; the file stays. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LanternException("closing the journal: its directory could not be unlocked: " + e, e);
        }
    }

    /** A directory of ours is readable to its owner alone: payloads are in it. */
    private static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
