package dev.lantern.retention;

import dev.lantern.run.RunSummary;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * An archive of one file per run, {@code <tenant>/<run>.jsonl}, below a directory. A file is there whole or not at all:
 * it is written beside its place, forced to disk and renamed. {@code python3 formats/verify.py journal <file>} checks one.
 */
public final class ArchiveDirectory implements RunArchive {
    private static final int BUFFER = 64 * 1024;

    private final Path root;

    private ArchiveDirectory(Path root) {
        this.root = root;
    }

    /** An archive below this directory, which is made when the first run is stored. */
    public static ArchiveDirectory in(Path directory) {
        return new ArchiveDirectory(Objects.requireNonNull(directory, "directory"));
    }

    /** Where a run of this tenant and id is stored. */
    public Path file(String tenant, String runId) {
        return root.resolve(tenant).resolve(runId + ".jsonl");
    }

    @Override
    public void store(RunSummary run, Content content) throws IOException {
        Path file = file(run.ref().tenant(), run.ref().run());
        Path folder = Objects.requireNonNull(file.getParent(), "folder");
        Files.createDirectories(folder);
        requireOwn(folder);
        requireOwn(file);
        // Of its own name: two hosts may archive the same run at the same time.
        Path part = Files.createTempFile(folder, run.ref().run() + ".", ".part");
        try {
            write(part, content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(folder);
            force(root);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void write(Path part, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** Ids differ in case; where a file system does not, one run's file must not replace another's. */
    private static void requireOwn(Path file) throws IOException {
        if (Files.exists(file) && !file.toRealPath().endsWith(Objects.requireNonNull(file.getFileName(), "name"))) {
            throw new IOException("this file system takes " + file.getFileName() + " for "
                    + file.toRealPath().getFileName()
                    + ", which is another run's; archive into one that tells case apart");
        }
    }

    /** The name of a new file is durable once its folder is. Where folders cannot be opened, they need not be. */
    private static void force(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
