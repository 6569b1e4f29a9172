package dev.lantern.agent.harness.process;

import dev.lantern.agent.harness.SecretsPlace;
import dev.lantern.agent.wire.Confidential;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Secrets as files of one directory, each under its secret's name. Thread-safe.
 *
 * <p>A value is replaced by renaming, so a reader finds the one or the other, whole. Nothing is synced: what does not
 * outlive the machine needs not be found again after its crash. A file that is removed is overwritten behind its last
 * reader; whether the bytes are gone from memory or from a disk by that is up to the file system, so nothing may rest on
 * it. A value that was replaced is not overwritten: its reader may be in the middle of it.
 */
public final class SecretFiles implements SecretsPlace {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private final Path directory;
    private final boolean shared;
    private final Consumer<String> trouble;
    private final Object lock = new Object();
    private final Set<String> names = new LinkedHashSet<>();
    private boolean closed;

    private SecretFiles(Path directory, boolean shared, Consumer<String> trouble) {
        this.directory = directory;
        this.shared = shared;
        this.trouble = trouble;
        requireSound();
    }

    /**
     * For an agent of the same user: files that this user alone can read.
     *
     * @param trouble told what could not be removed at the end; shows no value
     * @throws LanternException if {@code directory} is none, is a link, or others may write into it
     */
    public static SecretFiles own(Path directory, Consumer<String> trouble) {
        return new SecretFiles(directory, false, trouble);
    }

    /**
     * For an agent in another container of the pod, another user of the directory's group. Who may write into the directory
     * is settled by who has it mounted: the kubelet makes such a volume writable for everybody, and the agent's container
     * has it read-only.
     *
     * @param trouble told what could not be removed at the end; shows no value
     * @throws LanternException if {@code directory} is none or is a link
     */
    static SecretFiles shared(Path directory, Consumer<String> trouble) {
        return new SecretFiles(directory, true, trouble);
    }

    @Override
    public void put(String name, Confidential value) {
        Path file = file(name);
        synchronized (lock) {
            if (closed) {
                throw new LanternException("secret " + name + " was not put into " + directory
                        + ": its instance has ended and its secrets are removed");
            }
            requireSound();
            names.add(name);
            byte[] bytes = value.reveal();
            try {
                if (shared) {
                    OwnFiles.share(file, bytes);
                } else {
                    OwnFiles.put(file, bytes);
                }
            } catch (IOException e) {
                throw new LanternException("secret " + name + " could not be put into " + directory + ": " + e, e);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    @Override
    public void remove(String name) {
        Path file = file(name);
        synchronized (lock) {
            try {
                erase(file);
            } catch (IOException e) {
                throw new LanternException("secret " + name + " could not be removed from " + directory + ": " + e, e);
            }
            names.remove(name);
        }
    }

    @Override
    public void removeAll() {
        synchronized (lock) {
            closed = true;
            for (String name : names) {
                try {
                    erase(directory.resolve(name));
                } catch (IOException e) {
                    trouble.accept(
                            "secret " + name + " could not be removed from " + directory + ", remove it by hand: " + e);
                }
            }
            names.clear();
        }
    }

    /** Out of the directory first: nobody who looks there finds zeros. */
    private static void erase(Path file) throws IOException {
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(file);
            ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(open.size(), Confidential.MAX_BYTES));
            while (zeros.hasRemaining()) {
                open.write(zeros);
            }
        } catch (NoSuchFileException gone) {
            // With its directory, which is removed when the instance has ended.
        }
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new LanternException("a secret's name, which names its file, is of the form " + NAME);
        }
        return directory.resolve(name);
    }

    private void requireSound() {
        PosixFileAttributes found;
        try {
            found = Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new LanternException("secrets cannot be put into " + directory + ": " + e, e);
        }
        if (!found.isDirectory()) {
            throw new LanternException("secrets are not put into " + directory + ", because it is no directory but a "
                    + (found.isSymbolicLink() ? "link" : "file") + ": name the directory itself");
        }
        Set<PosixFilePermission> modes = found.permissions();
        if (!shared
                && (modes.contains(PosixFilePermission.GROUP_WRITE)
                        || modes.contains(PosixFilePermission.OTHERS_WRITE))) {
            throw new LanternException("secrets are not put into " + directory
                    + ", because other users may write there and put their own in place of them: chmod go-w");
        }
    }
}
