package dev.lantern.agent.harness.process;

import dev.lantern.value.LanternException;
import dev.lantern.value.Opening;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files between harness and agent. */
final class OwnFiles {
    private OwnFiles() {}

    /** Puts the file there whole or not at all, readable by this user alone. */
    static void put(Path file, byte[] content) throws IOException {
        put(file, content, "rw-------");
    }

    /** As {@link #put}, readable by the group of its folder as well: the agent is another user of it. */
    static void share(Path file, byte[] content) throws IOException {
        put(file, content, "rw-r-----");
    }

    private static void put(Path file, byte[] content, String mode) throws IOException {
        Path whole = file.toAbsolutePath();
        Path part = Files.createTempFile(
                whole.getParent(),
                ".lantern",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(part, content);
            // The mode at creation is less whatever the umask takes away.
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(mode));
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The agent chose what lies there, so a link is not followed and no more is read than a payload may have. */
    static byte[] result(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new LanternException("the result " + file + " is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(Opening.MAX_BYTES + 1);
            if (content.length > Opening.MAX_BYTES) {
                throw new LanternException(
                        "the result " + file + " has more than the allowed " + Opening.MAX_BYTES + " bytes");
            }
            return content;
        }
    }
}
