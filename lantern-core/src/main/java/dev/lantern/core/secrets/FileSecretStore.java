package dev.lantern.core.secrets;

import dev.lantern.secrets.IssuedSecret;
import dev.lantern.secrets.SecretPlace;
import dev.lantern.secrets.SecretStore;
import dev.lantern.secrets.SecretValue;
import dev.lantern.value.LanternException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Secrets in files, for development: {@code <root>/<tenant>/<key>}, each byte of a file a byte of the value, the line end
 * behind it included. Thread-safe; files are read when they are asked for.
 *
 * <p>A file is refused if it is a link or none, or open to others than its owner, and so is a directory that others may write
 * to: whoever may replace a secret may choose it. What is refused is an exception and not an absent secret, so that it is
 * found. It does not hold against somebody who may write to these directories and races with a read.
 */
public final class FileSecretStore implements SecretStore {
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> WRITING_OF_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path root;
    private volatile boolean closed;

    private FileSecretStore(Path root) {
        this.root = root;
    }

    /**
     * The secrets in this directory, which may itself be reached by links.
     *
     * @throws LanternException if it is none
     */
    public static FileSecretStore in(Path root) {
        try {
            Path real = root.toRealPath();
            if (!Files.isDirectory(real)) {
                throw new LanternException("secrets in files are in a directory, and " + root + " is none");
            }
            return new FileSecretStore(real);
        } catch (IOException e) {
            throw new LanternException(
                    "secrets in files are in a directory, and " + root + " cannot be reached ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    @Override
    public String name() {
        return "files in " + root;
    }

    @Override
    public Optional<IssuedSecret> issue(SecretPlace place, Duration ttl, Duration within) {
        Asked asked = begin("issuing", place, within);
        Path tenant = root.resolve(place.tenant());
        Path file = tenant.resolve(place.key());
        try {
            // Where names differ in their case only, the file system may take one for the other.
            if (!file.toRealPath(LinkOption.NOFOLLOW_LINKS).equals(file)) {
                return Optional.empty();
            }
            requireDirectory(asked, root);
            requireDirectory(asked, tenant);
            requireFile(asked, file);
            return Optional.of(IssuedSecret.ofStatic(value(asked, file), ttl));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw asked.failed(file + " cannot be read (" + e.getClass().getSimpleName()
                    + "); see whether this process may read it");
        }
    }

    private static void requireDirectory(Asked asked, Path directory) throws IOException {
        if (!attributes(directory).isDirectory()) {
            throw asked.failed(directory + " is no directory, or a link to one; put a directory there");
        }
        requireNone(asked, directory, WRITING_OF_OTHERS, "may be changed by others than its owner", "chmod go-w");
    }

    private static void requireFile(Asked asked, Path file) throws IOException {
        if (!attributes(file).isRegularFile()) {
            throw asked.failed(file + " is no regular file; links are not followed, put the file itself there");
        }
        requireNone(asked, file, OF_OTHERS, "is open to others than its owner", "chmod 600");
    }

    private static void requireNone(Asked asked, Path path, Set<PosixFilePermission> forbidden, String what, String fix)
            throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        if (permissions.stream().anyMatch(forbidden::contains)) {
            throw asked.failed(path + " " + what + " (" + PosixFilePermissions.toString(permissions) + "): " + fix
                    + " it, and take a new secret if somebody may have read it");
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static SecretValue value(Asked asked, Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(SecretValue.MAX_LENGTH + 1);
        }
        try {
            if (bytes.length == 0 || bytes.length > SecretValue.MAX_LENGTH) {
                throw asked.failed(file + " is empty, or larger than " + SecretValue.MAX_LENGTH + " bytes");
            }
            return SecretValue.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Empty: a file has no end. */
    @Override
    public Optional<Duration> renew(SecretPlace place, String handle, Duration ttl, Duration within) {
        begin("renewing", place, within);
        return Optional.empty();
    }

    /** Nothing: it issues no handles. */
    @Override
    public void revoke(SecretPlace place, String handle, Duration within) {
        begin("revoking", place, within);
    }

    @Override
    public void close() {
        closed = true;
    }

    private Asked begin(String verb, SecretPlace place, Duration within) {
        Asked asked = new Asked(verb, place, name());
        if (closed) {
            throw asked.closed();
        }
        asked.begin(within);
        return asked;
    }
}
