package dev.lantern.core.files;

import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that its owner alone may read, changed by replacing it. Whoever opens it sees all of one version of it.
 *
 * <p>Where the file system knows permissions, they are checked before each reading and each replacing. Written by one
 * process at a time; making it is decided by the file system. Nothing of the content is kept here.
 *
 * @param path where it is
 * @param what how messages call it, in the plural, such as {@code the seal keys}
 */
public record SecretFile(Path path, String what) {
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    /** Linux shows there whose this process is, with or without a name for the user. */
    private static final Path SELF = Path.of("/proc/self");

    private static final int NAME_BYTES = 8;

    /**
     * The bytes, for the caller to wipe.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws LanternException if others may open it, or it is longer than {@code max} bytes
     */
    public byte[] read(int max) throws IOException {
        requireOwnerAlone();
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(max + 1);
        }
        if (bytes.length > max) {
            Arrays.fill(bytes, (byte) 0);
            throw new LanternException("reading " + what + " in " + path + ": it is larger than " + max + " bytes");
        }
        return bytes;
    }

    /**
     * Makes the file, on disk when this returns: whole, or not at all. Of several who do it at once one succeeds. A crash
     * in between may leave a file beside it whose name ends in {@code .new}; nobody reads that.
     *
     * @param random to name the file by until it is complete
     * @throws java.nio.file.FileAlreadyExistsException if there is one already
     */
    public void create(byte[] content, SecureRandom random) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        Path complete = beside("." + HexFormat.of().formatHex(name) + ".new");
        try {
            write(complete, content);
            // A link under a name that is taken fails; a move would replace what somebody else just made.
            Files.createLink(path, complete);
        } finally {
            Files.deleteIfExists(complete);
        }
        force(directory);
    }

    /**
     * Replaces the whole content at once, on disk when this returns. After a crash the file is the former or the new one;
     * one that lies beside it then goes with the next replacement.
     *
     * @throws LanternException if others may open the file that is to be replaced
     */
    public void replace(byte[] content) throws IOException {
        requireOwnerAlone();
        Path next = beside(".next");
        Files.deleteIfExists(next);
        write(next, content);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(path.toAbsolutePath().getParent());
    }

    /**
     * Refuses a link, whoever made it, and a file of another user, who could read it and change it.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    public void requireOwn() throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new LanternException("opening " + what + " in " + path
                    + ": it is a symbolic link; name the file that it leads to, or put the file itself here");
        }
        if (hasPermissions()) {
            UserPrincipal owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
            UserPrincipal self = self();
            if (!owner.equals(self)) {
                throw new LanternException(
                        "opening " + what + " in " + path + ": the file belongs to " + owner.getName()
                                + ", and this process is " + self.getName() + "'s; chown it, and take a new key if "
                                + owner.getName()
                                + " is not meant to know this one");
            }
        }
    }

    private UserPrincipal self() throws IOException {
        return Files.exists(SELF)
                ? Files.getOwner(SELF)
                : path.getFileSystem()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName(System.getProperty("user.name"));
    }

    private void requireOwnerAlone() throws IOException {
        if (!hasPermissions()) {
            return;
        }
        Set<PosixFilePermission> others = EnumSet.noneOf(PosixFilePermission.class);
        others.addAll(Files.getPosixFilePermissions(path));
        others.removeAll(OWNER);
        if (!others.isEmpty()) {
            throw new LanternException(what + " in " + path + " are open to others than their owner ("
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                    + "): chmod 600 it, and take a new key if somebody may have read it");
        }
    }

    private void write(Path target, byte[] content) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(target, options, attributes())) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private FileAttribute<?>[] attributes() {
        return hasPermissions()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ALONE)}
                : new FileAttribute<?>[0];
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private boolean hasPermissions() {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Makes the name durable, where directories can be opened. */
    private static void force(@Nullable Path directory) throws IOException {
        if (directory != null
                && Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
